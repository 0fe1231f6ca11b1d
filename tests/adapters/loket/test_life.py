"""The table of states and steps: nothing reaches an end it must not, and refusals help."""

from __future__ import annotations

import pytest

from adapters.loket.life import (
    ENDED,
    STEPS,
    Evidence,
    Role,
    State,
    Step,
    Unlawful,
    acting_role,
    legal_steps,
    next_state,
)

ROLES = tuple(Role)


def test_an_undisturbed_life_goes_from_submission_to_collection() -> None:
    """Each step leads to the next state, taken by its own role."""
    state: State | None = None
    for step, role, expected in (
        (Step.AJUKAN, Role.PEMOHON, State.DIAJUKAN),
        (Step.CATAT_PENGANTAR, Role.KETUA_RTRW, State.DIAJUKAN),
        (Step.LENGKAPKAN, Role.PETUGAS, State.VERIFIKASI_BERKAS),
        (Step.PERIKSA, Role.PETUGAS, State.VERIFIKASI_BERKAS),
        (Step.MINTA_PERBAIKAN, Role.PETUGAS, State.PERBAIKAN),
        (Step.AJUKAN_ULANG, Role.PEMOHON, State.VERIFIKASI_BERKAS),
        (Step.VERIFIKASI, Role.PETUGAS, State.DRAF),
        (Step.SUSUN_DRAF, Role.PETUGAS, State.MENUNGGU_TTD),
        (Step.TANDA_TANGANI, Role.LURAH, State.MENUNGGU_TTD),
        (Step.TANDA_TANGANI, Role.CAMAT, State.MENUNGGU_TTD),
        (Step.TERBITKAN, Role.PETUGAS, State.TERBIT),
        (Step.SERAHKAN, Role.PETUGAS, State.DIAMBIL),
    ):
        reached = next_state(step, state, [role])
        assert reached == expected
        state = expected


@pytest.mark.parametrize("state", [None, *State], ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_a_refusal_lists_what_is_legal_instead(state: State | None, role: Role) -> None:
    """For every state and role, a step is either taken or answered with the legal ones."""
    legal = legal_steps(state, [role])
    for step in Step:
        reached = next_state(step, state, [role])
        if step in legal:
            assert isinstance(reached, State)
            assert acting_role(step, state, [role]) is role
        else:
            assert isinstance(reached, Unlawful)
            assert reached.legal == legal
            assert acting_role(step, state, [role]) is None


def test_nothing_leaves_an_end() -> None:
    """Collected, refused and cancelled applications stay as they are."""
    for state in ENDED:
        assert legal_steps(state, ROLES) == ()


def test_a_letter_is_issued_only_through_verification_draft_and_signatures() -> None:
    """Every way into TERBIT demands checks and signatures, and comes from MENUNGGU_TTD."""
    into = {step: rule for step, rule in STEPS.items() if rule.target is State.TERBIT}
    assert [*into] == [Step.TERBITKAN]
    (rule,) = into.values()
    assert rule.sources == {State.MENUNGGU_TTD}
    assert {Evidence.CHECKS, Evidence.SIGNATURES} <= {*rule.evidence}
    assert not rule.also
    to_draft = [rule for rule in STEPS.values() if rule.target is State.DRAF]
    assert all(Evidence.CHECKS in rule.evidence for rule in to_draft)


def test_the_public_takes_no_step() -> None:
    """Whoever verifies a letter changes nothing."""
    assert all(legal_steps(state, [Role.PUBLIK]) == () for state in (None, *State))


def test_refusing_and_repairing_need_a_reason() -> None:
    """Nobody is sent away without words."""
    for step in (Step.TOLAK, Step.MINTA_PERBAIKAN, Step.BATALKAN):
        assert Evidence.REASON in STEPS[step].evidence


def test_a_role_that_the_state_would_allow_to_others_is_told_apart() -> None:
    """Whether the state or the role is in the way is said."""
    by_role = next_state(Step.LENGKAPKAN, State.DIAJUKAN, [Role.PEMOHON])
    by_state = next_state(Step.LENGKAPKAN, State.TERBIT, [Role.PETUGAS])
    assert isinstance(by_role, Unlawful)
    assert isinstance(by_state, Unlawful)
    assert (by_role.is_role, by_state.is_role) == (True, False)
