"""The organisation's sign-in service in the settings."""

from __future__ import annotations

import pytest

from hall.domain.openid import OpenId, parse_openid

GIVEN = {"ISSUER": "https://login.example.org/staff", "CLIENT": "sanban", "SECRET": "hidden secret"}


def test_a_provider_is_three_settings() -> None:
    assert parse_openid({}) is None
    assert parse_openid({"ISSUER": None, "ONLY": ""}) is None
    openid = parse_openid({**GIVEN, "CLAIM": "sub", "ONLY": "yes"})
    assert openid == OpenId(GIVEN["ISSUER"], "sanban", "hidden secret", "sub", True)
    assert openid.scope == "openid"
    assert openid.metadata == "https://login.example.org/staff/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ISSUER": ""},
        {"CLIENT": ""},
        {"SECRET": ""},
        {"ISSUER": "http://login.example.org"},
        {"ISSUER": "https://"},
        {"ISSUER": "https://login.example.org/?a=b"},
        {"ISSUER": "https://user:word@login.example.org"},
        {"ISSUER": "https://[x"},
        {"ISSUER": "login.example.org"},
        {"ONLY": "perhaps"},
    ],
)
def test_a_provider_that_cannot_be_stops_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="SANBAN_OPENID_") as refused:
        parse_openid({**GIVEN, **wrong})
    assert "hidden" not in str(refused.value)
