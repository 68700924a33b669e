"""The organisation's own sign-in service, as the settings name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

#: hosts that are this machine: a provider there may be reached without TLS
_HERE = ("localhost", "127.0.0.1", "::1")
_CLAIM = "preferred_username"


@dataclass(frozen=True, slots=True)
class OpenId:
    """`claim` of somebody's identity is the id of a member of staff; `only`: nobody signs in with a password."""

    issuer: str
    client: str
    secret: str
    claim: str = _CLAIM
    only: bool = False

    @property
    def metadata(self) -> str:
        """Where the provider describes itself."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    @property
    def scope(self) -> str:
        """No more than the claim needs."""
        return "openid" if self.claim == "sub" else "openid profile"

    @property
    def host(self) -> str:
        return urlsplit(self.issuer).hostname or ""


def parse_openid(given: Mapping[str, str | None]) -> OpenId | None:
    """Of `ISSUER`, `CLIENT`, `SECRET`, `CLAIM`, `ONLY`; None when nothing is given. Raises `ValueError` with the name
    of what is wrong; the text holds no secret."""
    set_ = {name: text for name, text in given.items() if text}
    if not set_:
        return None
    if "ISSUER" in set_:
        _check_issuer(set_["ISSUER"])
    if missing := [name for name in ("ISSUER", "CLIENT", "SECRET") if name not in set_]:
        three = "SANBAN_OPENID_ISSUER, SANBAN_OPENID_CLIENT and SANBAN_OPENID_SECRET go together"
        raise ValueError(f"{three}; {missing[0]} is missing")
    only = set_.get("ONLY", "no")
    if only not in ("yes", "no"):
        raise ValueError(f"SANBAN_OPENID_ONLY: {only!r} is neither yes nor no")
    claim = set_.get("CLAIM", _CLAIM)
    return OpenId(set_["ISSUER"], set_["CLIENT"], set_["SECRET"], claim, only == "yes")


def _check_issuer(issuer: str) -> None:
    try:
        parts = urlsplit(issuer)
        fine = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
        fine = fine and bool(parts.hostname) and not parts.query and not parts.fragment and "@" not in parts.netloc
    except ValueError:
        fine = False
    if not fine:
        raise ValueError("SANBAN_OPENID_ISSUER is not like https://login.example.org/staff (http: this machine alone)")
