"""A second factor for staff: codes that a phone counts (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets as chance
import time
from dataclasses import dataclass
from typing import Literal

import pyotp

from hall.services.access import Access
from hall.services.doors import Doors
from hall.services.sealing import Sealed, Sealer
from hall.store.access import AccessStore, Record

#: seconds of one code; the one before and the one after are taken too, because clocks differ
_STEP = 30
_RECOVERY_CODES = 8
Factor = Literal["totp", "recovery"]


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """`roles` must have one; everybody may. The secret is sealed, recovery codes are hashed: 120 random bits each."""

    access: Access
    doors: Doors
    key: bytes
    roles: frozenset[str]

    def missing(self, record: Record) -> bool:
        return record["role"] in self.roles and not record.get("second")

    def has(self, hall_id: str, staff_id: str) -> bool:
        return bool(self.access.staff(hall_id).get(staff_id, {}).get("second"))

    def new_secret(self) -> str:
        return pyotp.random_base32()

    def address(self, secret: str, staff_id: str, issuer: str) -> str:
        """What the code on the screen says to the app: `otpauth://totp/…`."""
        return pyotp.TOTP(secret).provisioning_uri(name=staff_id, issuer_name=issuer)

    def set_up(self, hall_id: str, staff_id: str, secret: str, typed: str, by: str) -> list[str] | None:
        """From now on signing in asks for a code. Returns recovery codes, which are told this once; None when `typed`
        is not what the phone shows now."""
        if _step_of(secret, typed) is None:
            return None
        codes = [base64.b32encode(chance.token_bytes(15)).decode().lower() for _ in range(_RECOVERY_CODES)]
        blob, key = Sealer(self.key).seal(_owner(hall_id, staff_id), secret.encode(), what="second factor")
        second = {"blob": blob, "key": key, "recovery": [_hash(code) for code in codes]}
        self.access.change(hall_id, staff_id, by, "second_factor", {"second": second}, ends=False)
        return ["-".join(code[n : n + 6] for n in range(0, 24, 6)) for code in codes]

    def remove(self, hall_id: str, staff_id: str, by: str) -> None:
        """Sessions end: whoever took the factor off may not be who set it up. Raises `UnknownAccess`."""
        self.access.change(hall_id, staff_id, by, "second_factor_off", {"second": None})

    def verify(self, hall_id: str, staff_id: str, typed: str) -> Factor | None:
        """Which factor a code is; each is good once. Raises `TooManyTries`. The journal tells of a wrong one."""
        self.doors.try_second(hall_id, staff_id)
        second = self.access.staff(hall_id).get(staff_id, {}).get("second")
        found = self._found(hall_id, staff_id, second, typed.strip()) if second else None
        if found is None:
            self.doors.tell_failed(hall_id, staff_id, "second", "wrong")
        else:
            self.doors.forget_second(hall_id, staff_id)
        return found

    def _found(self, hall_id: str, staff_id: str, second: Record, typed: str) -> Factor | None:
        sealed = Sealed(second["blob"], second["key"])
        secret = Sealer(self.key).open(_owner(hall_id, staff_id), sealed, what="second factor").decode()
        step = _step_of(secret, typed.replace(" ", ""))
        if step is not None:
            once = _hash(f"totp {staff_id} {step}")
            return "totp" if AccessStore(self.access.store).spend(hall_id, once, 4 * _STEP) else None
        shown = _hash(typed.replace("-", "").replace(" ", "").lower())
        kept = [one for one in second["recovery"] if not hmac.compare_digest(one, shown)]
        if len(kept) == len(second["recovery"]):
            return None
        changes = {"second": {**second, "recovery": kept}}
        self.access.change(hall_id, staff_id, f"staff:{staff_id}", "recovery_used", changes, ends=False)
        return "recovery"


def _step_of(secret: str, typed: str) -> int | None:
    """The step whose code was typed, of the three that are good now."""
    now = int(time.time()) // _STEP
    codes = {step: pyotp.TOTP(secret).generate_otp(step) for step in (now - 1, now, now + 1)}
    found = [step for step, code in codes.items() if hmac.compare_digest(code.encode(), typed.encode())]
    return found[0] if found else None


def _owner(hall_id: str, staff_id: str) -> str:
    return f"{hall_id} staff {staff_id}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
