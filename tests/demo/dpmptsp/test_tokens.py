"""Tokens are given for the right credentials and expire."""

import pytest

from demo.dpmptsp.tokens import AgencyError, Tokens

USER = {
    "grant_type": "password",
    "client_id": "simpul",
    "client_secret": "rahasia-klien",
    "username": "gateway",
    "password": "rahasia-gateway",
}


class Clock:
    """A clock that tests set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_token_lives_for_its_time() -> None:
    """It is good until its last second and refused after it."""
    clock = Clock()
    tokens = Tokens(300, clock)
    answer = tokens.issue(USER)
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 300)
    clock.now = 299.9
    tokens.check(f"Bearer {answer['access_token']}")
    clock.now = 300.0
    with pytest.raises(AgencyError, match="expired"):
        tokens.check(f"Bearer {answer['access_token']}")


def test_a_refresh_token_works_once() -> None:
    """It yields a new pair and is then spent."""
    tokens = Tokens(300, Clock())
    refresh = {**USER, "grant_type": "refresh_token"}
    refresh["refresh_token"] = str(tokens.issue(USER)["refresh_token"])
    tokens.check(f"Bearer {tokens.issue(refresh)['access_token']}")
    with pytest.raises(AgencyError, match="refresh token"):
        tokens.issue(refresh)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"password": "x"}, 401, "invalid_credentials"),
    ],
    ids=["grant", "client", "user"],
)
def test_wrong_credentials_are_refused(change: dict[str, str], status: int, error: str) -> None:
    """Each wrong part has its own code."""
    with pytest.raises(AgencyError) as refusal:
        Tokens(300, Clock()).issue({**USER, **change})
    assert (refusal.value.status, refusal.value.body["error"]) == (status, error)


def test_a_missing_user_is_an_invalid_request() -> None:
    """Absent fields are told apart from wrong ones."""
    fields = {name: value for name, value in USER.items() if name != "username"}
    with pytest.raises(AgencyError) as refusal:
        Tokens(300, Clock()).issue(fields)
    assert refusal.value.body["error"] == "invalid_request"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5"])
def test_other_authorizations_are_refused(header: str) -> None:
    """Whatever is no known bearer token is unauthenticated."""
    with pytest.raises(AgencyError, match="Unauthenticated"):
        Tokens(300, Clock()).check(header)
