"""Who asks, and why: callers, purposes, forwarded headers."""

from __future__ import annotations

import hashlib

import pytest

from gateway.config.model import Config
from gateway.context import Identification, new_operation_id
from gateway.errors import BadUserInput, Unauthenticated

KEY = "k" * 43


def _config(**changes: object) -> Config:
    return Config.model_validate(
        {
            "supergraph": {"file": "s.graphql"},
            "headers": {"propagate": ["X-Trace", "authorization"]},
            "callers": {
                "desk": {
                    "agency": "kelurahan",
                    "key_sha256": hashlib.sha256(KEY.encode()).hexdigest(),
                    "purposes": ["PELAYANAN_PUBLIK"],
                    "priority": "COUNTER",
                }
            },
            **changes,
        }
    )


def _identify(headers: dict[str, str], config: Config | None = None):
    return Identification(config or _config()).identify(headers, now=10.0, operation_id="op")


def test_a_key_names_its_caller() -> None:
    """The bearer key is looked up by its hash."""
    context = _identify({"authorization": f"Bearer {KEY}", "simpul-purpose": "PELAYANAN_PUBLIK"})
    assert context.caller.name == "desk"
    assert context.purpose == "PELAYANAN_PUBLIK"
    assert context.deadline == 70.0


@pytest.mark.parametrize("value", ["Bearer wrong", "Basic abc", "Bearer", ""])
def test_an_unknown_key_is_refused(value: str) -> None:
    """A key that nobody has is not taken for the public."""
    with pytest.raises(Unauthenticated):
        _identify({"authorization": value})


def test_without_a_key_it_is_the_public() -> None:
    """No key and no anonymous caller: the public, without an agency."""
    assert _identify({}).caller.agency == ""


def test_the_anonymous_caller_has_its_default_purpose() -> None:
    """Requests without a key belong to the anonymous caller, with its default purpose."""
    config = _config(
        callers={
            "demo": {
                "agency": "demo",
                "anonymous": True,
                "purposes": ["PELAYANAN_PUBLIK"],
                "default_purpose": "PELAYANAN_PUBLIK",
            }
        }
    )
    context = _identify({}, config)
    assert (context.caller.name, context.purpose) == ("demo", "PELAYANAN_PUBLIK")


@pytest.mark.parametrize("purpose", ["RASA_INGIN_TAHU", "PENEGAKAN_HUKUM"])
def test_a_purpose_must_exist_and_be_allowed(purpose: str) -> None:
    """Neither an unknown purpose nor one that the caller may not name is taken."""
    with pytest.raises(BadUserInput, match="purpose"):
        _identify({"authorization": f"Bearer {KEY}", "simpul-purpose": purpose})


def test_only_named_headers_travel_on() -> None:
    """Propagated headers go to adapters; a person's own token forbids sharing."""
    context = _identify({"x-trace": "1", "cookie": "c", "authorization": f"Bearer {KEY}"})
    call = Identification(_config(limits={"source_calls": 3})).call_context(context, "p")
    assert call.headers == (("x-trace", "1"), ("authorization", f"Bearer {KEY}"))
    assert call.personal_token
    assert call.budget.remaining == 3


def _app(*, names_person: bool) -> Config:
    key = hashlib.sha256(KEY.encode()).hexdigest()
    app = {"agency": "jaki", "key_sha256": key, "names_person": names_person}
    return _config(callers={"app": app})


def test_an_app_says_which_person_asks() -> None:
    """Who is trusted with it names a NIK, and adapters are told; without the header nobody is."""
    config = _app(names_person=True)
    headers = {"authorization": f"Bearer {KEY}", "simpul-person": " 3171990101019000 "}
    context = _identify(headers, config)
    assert context.person == "3171990101019000"
    assert Identification(config).call_context(context, "p").person == context.person
    assert _identify({"authorization": f"Bearer {KEY}"}, config).person is None


@pytest.mark.parametrize(
    ("names_person", "value"),
    [
        (False, "3171990101019000"),
        (True, "317199010101900"),
        (True, "3171990101019OOO"),
        (True, ""),
    ],
)
def test_a_person_is_named_by_a_trusted_app_and_whole(names_person: bool, value: str) -> None:
    """Another caller may not, and what is no NIK is refused; the message does not repeat it."""
    headers = {"authorization": f"Bearer {KEY}", "simpul-person": value}
    with pytest.raises(BadUserInput) as refused:
        _identify(headers, _app(names_person=names_person))
    assert "317199" not in str(refused.value)


def test_operation_ids_do_not_repeat() -> None:
    """Every operation has an id of its own, of one form."""
    ids = {new_operation_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert {len(each) for each in ids} == {32}
