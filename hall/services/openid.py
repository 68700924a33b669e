"""Which member of staff an identity of the organisation's sign-in service is. It never makes one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hall.domain.openid import OpenId
from hall.services.access import Access
from hall.services.doors import Doors

Why = Literal["no claim", "unknown", "other identity"]


class NotLetIn(Exception):
    """Who they are is known, and they may not come in."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Identities:
    """`openid` None: there is no such service."""

    access: Access
    doors: Doors
    openid: OpenId | None

    def staff_of(self, hall_id: str, claims: Mapping[str, Any]) -> str:
        """The id of the member of staff with these verified claims. Names may be given to somebody else later, so the
        first identity that comes in by a name keeps it until an administrator lets go of it. Raises `NotLetIn`, which
        the journal tells."""
        assert self.openid is not None  # noqa: S101 - no route leads here without
        value = claims.get(self.openid.claim)
        if not isinstance(value, str) or not value.strip():
            raise self.refused(hall_id, "", "no claim")
        staff_id = value.strip().lower()
        record = self.access.staff(hall_id).get(staff_id)
        if record is None:
            raise self.refused(hall_id, "", "unknown")
        subject = subject_of(self.openid.issuer, str(claims["sub"]))
        if record.get("subject") is None:
            self.access.change(hall_id, staff_id, f"staff:{staff_id}", "bound", {"subject": subject}, ends=False)
        elif record["subject"] != subject:
            raise self.refused(hall_id, staff_id, "other identity")
        return staff_id

    def let_go(self, hall_id: str, staff_id: str, by: str) -> None:
        """The next identity with the name comes in; the sessions of the one before end. Raises `UnknownAccess`."""
        self.access.change(hall_id, staff_id, by, "unbound", {"subject": None})

    def refused(self, hall_id: str, staff_id: str, why: Why) -> NotLetIn:
        self.doors.tell_failed(hall_id, staff_id, "openid", why)
        return NotLetIn(why)


def subject_of(issuer: str, subject: str) -> str:
    """How a record knows an identity: it tells nobody else who that is."""
    return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()
