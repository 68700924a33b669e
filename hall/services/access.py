"""Staff, devices, tokens and one-time codes: who may come in."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hall.domain.errors import CodeUsed, Forbidden, TextNotPlain
from hall.domain.office_errors import LastAdmin, UnknownAccess
from hall.domain.permissions import DEVICES, ROLES
from hall.domain.texts import plain
from hall.services.passwords import weakness
from hall.store.access import AccessStore, Record
from hall.store.doors import DoorStore
from hall.store.store import Store

_DAY = 24 * 3600
_ID = re.compile(r"^[a-z0-9][a-z0-9._-]{0,39}$")


class Holder(NamedTuple):
    """Who shows a valid token or device secret."""

    hall: str
    id: str
    role: str
    windows: tuple[str, ...] = ()
    name: str = ""


def _hash(text: str) -> str:
    # Secrets of 192 random bits need no slow hash; only passwords do.
    return hashlib.sha256(text.encode()).hexdigest()


def _same(record: Record | None, secret: str) -> bool:
    """The same work whether there is a record or not."""
    return hmac.compare_digest(record["hash"] if record else _hash(""), _hash(secret)) and record is not None


@dataclass(slots=True)
class Access:
    """Records are kept in memory until the journal says that one changed (`forget`)."""

    store: Store
    key: bytes
    _records: dict[tuple[str, str], dict[str, Record]] = field(default_factory=dict)
    _changes: int = 0
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)

    @property
    def _access(self) -> AccessStore:
        return AccessStore(self.store)

    def forget(self, hall_id: str) -> None:
        self._changes += 1
        for what in ("staff", "devices", "tokens"):
            self._records.pop((hall_id, what), None)

    def _all(self, hall_id: str, what: str) -> dict[str, Record]:
        known = self._records.get((hall_id, what))
        if known is None:
            before = self._changes
            known = self._access.all(hall_id, what)
            # What changed while we read must not be kept, nor anything of halls that strangers make up.
            if known and before == self._changes:
                self._records[hall_id, what] = known
        return known

    def _write(
        self, hall_id: str, what: str, record_id: str, record: Record | None, by: str, did: str, reason: str = ""
    ) -> None:
        """The journal says what was done (`did`), and which role somebody has now and had before."""
        role, was = ((one or {}).get("role") for one in (record, self._all(hall_id, what).get(record_id)))
        said = {"did": did, "role": role, "was": was if was != role else None}
        self._access.write(hall_id, what, record_id, record, by, {**said, "reason": plain(reason, "reason", 200)})
        self.forget(hall_id)

    # Staff -----------------------------------------------------------------------------------

    def staff(self, hall_id: str) -> dict[str, Record]:
        """id → {name, role, hash, generation}."""
        return self._all(hall_id, "staff")

    def has_staff(self, hall_id: str) -> bool:
        return bool(self.staff(hall_id))

    def set_staff(
        self, hall_id: str, staff_id: str, name: str, role: str, password: str, by: str, reason: str = ""
    ) -> None:
        """Add a member of staff or replace one; a new password ends their sessions."""
        self.check_staff(staff_id, role, password)
        old = self.staff(hall_id).get(staff_id, {})
        record = {
            "name": plain(name, "name", 60) or staff_id,
            "role": role,
            "hash": self._hasher.hash(password),
            "generation": old.get("generation", 0) + 1,
        }
        self._write(hall_id, "staff", staff_id, record, by, "changed" if old else "added", reason)

    def change(
        self, hall_id: str, staff_id: str, by: str, did: str, changes: Record, reason: str = "", ends: bool = True
    ) -> None:
        """Other fields for a member of staff; `ends`: their sessions end now. Raises `UnknownAccess`."""
        record = {**self._known(hall_id, "staff", staff_id), **changes}
        record["generation"] += ends
        self._write(hall_id, "staff", staff_id, record, by, did, reason)

    def set_role(self, hall_id: str, staff_id: str, role: str, by: str, reason: str = "") -> None:
        """Give somebody another role; they sign in anew. Raises `UnknownAccess`, `LastAdmin`."""
        if role not in ROLES:
            raise TextNotPlain(field="role")
        self._known(hall_id, "staff", staff_id)
        if role != "admin":
            self._keep_an_admin(hall_id, staff_id)
        self.change(hall_id, staff_id, by, "role", {"role": role}, reason)

    def set_password(self, hall_id: str, staff_id: str, password: str, by: str) -> None:
        """Somebody's own new password; their sessions end. Raises `UnknownAccess`, `TextNotPlain`."""
        self.check_staff(staff_id, self._known(hall_id, "staff", staff_id)["role"], password)
        self.change(hall_id, staff_id, by, "password", {"hash": self._hasher.hash(password)})

    def sign_out_everywhere(self, hall_id: str, staff_id: str, by: str) -> None:
        """Their sessions end now, on every browser. Raises `UnknownAccess`."""
        self.change(hall_id, staff_id, by, "signed_out_everywhere", {})

    def remove_staff(self, hall_id: str, staff_id: str, by: str, reason: str = "") -> None:
        """Let somebody in no more; their sessions end now. Raises `UnknownAccess`, `LastAdmin`."""
        self._known(hall_id, "staff", staff_id)
        self._keep_an_admin(hall_id, staff_id)
        self._write(hall_id, "staff", staff_id, None, by, "removed", reason)

    def _known(self, hall_id: str, what: str, record_id: str) -> Record:
        record = self._all(hall_id, what).get(record_id)
        if record is None:
            raise UnknownAccess(id=record_id)
        return record

    def _keep_an_admin(self, hall_id: str, staff_id: str) -> None:
        admins = [name for name, record in self.staff(hall_id).items() if record["role"] == "admin"]
        if admins == [staff_id]:
            raise LastAdmin()

    def check_staff(self, staff_id: str, role: str, password: str) -> None:
        """Raises `TextNotPlain` for what `set_staff` would refuse."""
        if role not in ROLES or not _ID.fullmatch(staff_id):
            raise TextNotPlain(field="id")
        if weakness(password, staff_id):
            raise TextNotPlain(field="password")

    def verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    # Tokens of programs ----------------------------------------------------------------------

    def add_token(
        self,
        hall_id: str,
        role: str,
        windows: tuple[str, ...] = (),
        label: str = "",
        by: str = "cli",
        days: int | None = None,
    ) -> str:
        """A new bearer token, told once: only its hash is kept. `days`: worthless after so many."""
        if role not in ROLES:
            raise TextNotPlain(field="role")
        token_id, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
        record: Record = {
            "role": role,
            "windows": list(windows),
            "label": plain(label, "label", 60),
            "hash": _hash(secret),
        }
        if days is not None:
            record["expires"] = int(time.time()) + days * _DAY
        self._write(hall_id, "tokens", token_id, record, by, "added")
        return f"sanban.{hall_id}.{token_id}.{secret}"

    def rotate_token(self, hall_id: str, token_id: str, by: str = "cli") -> str:
        """A new secret for a token; the old one is good for a day more, so that the program loses no request. The
        token ends when it ended before. Raises `UnknownAccess`."""
        record, secret = self._known(hall_id, "tokens", token_id), secrets.token_urlsafe(24)
        old = {"hash": record["hash"], "until": int(time.time()) + _DAY}
        self._write(hall_id, "tokens", token_id, {**record, "hash": _hash(secret), "old": old}, by, "rotated")
        return f"sanban.{hall_id}.{token_id}.{secret}"

    def list_tokens(self, hall_id: str) -> dict[str, Record]:
        return self._all(hall_id, "tokens")

    def revoke_token(self, hall_id: str, token_id: str, by: str = "cli", reason: str = "") -> None:
        self._write(hall_id, "tokens", token_id, None, by, "revoked", reason)

    def program(self, token: str) -> Holder | None:
        """Who holds a bearer token; None if nobody does (any more)."""
        parts = token.split(".")
        if len(parts) != 4 or parts[0] != "sanban":
            return None
        _, hall_id, token_id, secret = parts
        record = self._all(hall_id, "tokens").get(token_id) if _ID.match(hall_id) else None
        old = record.get("old") if record else None
        good, now = _same(record, secret), time.time()
        if _same(old, secret) and old is not None and now < old["until"]:
            good = True
        if record is None or not good or now >= record.get("expires", math.inf):
            return None
        return Holder(hall_id, token_id, record["role"], tuple(record["windows"]), record["label"])

    # Devices ---------------------------------------------------------------------------------

    def devices(self, hall_id: str) -> dict[str, Record]:
        """id → {kind, name, place, hash}."""
        return self._all(hall_id, "devices")

    def pair(self, hall_id: str, code: str) -> tuple[Holder, str]:
        """Use a pairing code up: the device, and the secret its browser keeps. Raises `CodeUsed`."""
        facts = self._take(hall_id, code, "pair")
        device_id = facts.get("replaces") or f"{facts['kind']}-{secrets.token_hex(3)}"
        secret = secrets.token_urlsafe(24)
        record = {"kind": facts["kind"], "name": facts["name"], "place": facts["place"], "hash": _hash(secret)}
        self._write(hall_id, "devices", device_id, record, f"device:{device_id}", "paired")
        return Holder(hall_id, device_id, record["kind"], (), record["name"]), secret

    def device(self, hall_id: str, device_id: str, secret: str) -> Holder | None:
        record = self.devices(hall_id).get(device_id)
        if not _same(record, secret) or record is None:
            return None
        return Holder(hall_id, device_id, record["kind"], (), record["name"])

    def remove_device(self, hall_id: str, device_id: str, by: str, reason: str = "") -> None:
        self._write(hall_id, "devices", device_id, None, by, "removed", reason)

    # One-time codes --------------------------------------------------------------------------

    def pairing_code(self, hall_id: str, kind: str, name: str = "", place: str = "", by: str = "cli") -> str:
        """A code that pairs one device within a day."""
        if kind not in DEVICES:
            raise Forbidden()
        facts = {"name": plain(name, "name", 60) or kind, "place": plain(place, "place", 60), "kind": kind}
        return self._code(hall_id, "pair", facts, _DAY, by)

    def replacing_code(self, hall_id: str, device_id: str, by: str = "cli") -> str:
        """A code that pairs another machine as this device within a day: its id, name and place stay, so that readers,
        printers and what else names it go on. The old machine is nobody from then on. Raises `UnknownAccess`."""
        record = self._known(hall_id, "devices", device_id)
        facts = {"name": record["name"], "place": record["place"], "kind": record["kind"], "replaces": device_id}
        return self._code(hall_id, "pair", facts, _DAY, by)

    def set_up_code(self, hall_id: str, by: str = "cli") -> str:
        """A code that makes the first administrator within a day."""
        return self._code(hall_id, "set-up", {}, _DAY, by)

    def sign_in_code(self, hall_id: str, staff_id: str, by: str = "cli") -> str:
        """A code that signs one member of staff in within an hour."""
        if staff_id not in self.staff(hall_id):
            raise CodeUsed()
        return self._code(hall_id, "sign-in", {"staff": staff_id}, 3600, by)

    def _code(self, hall_id: str, purpose: str, facts: dict[str, Any], seconds: int, by: str) -> str:
        """Who makes a way in is told before it is one."""
        told = {"purpose": purpose, "staff": facts.get("staff"), "device": facts.get("replaces")}
        DoorStore(self.store).tell(hall_id, "link_made", by, **told)
        code = secrets.token_urlsafe(16)
        self._access.put_code(hall_id, _hash(code), {"purpose": purpose, "by": by, **facts}, seconds)
        return f"{hall_id}.{code}"

    def look_at_code(self, code: str, purpose: str) -> Record:
        """What a code is good for, without using it up. Raises `CodeUsed`."""
        hall_id, _, secret = code.partition(".")
        facts = self._access.look_at_code(hall_id, _hash(secret)) if _ID.match(hall_id) else None
        if facts is None or facts["purpose"] != purpose:
            raise CodeUsed()
        return {**facts, "hall": hall_id}

    def take_code(self, code: str, purpose: str) -> Record:
        """Use a code up. Raises `CodeUsed`."""
        facts = self.look_at_code(code, purpose)
        return {**self._take(facts["hall"], code, purpose), "hall": facts["hall"]}

    def _take(self, hall_id: str, code: str, purpose: str) -> Record:
        facts = self._access.take_code(hall_id, _hash(code.partition(".")[2]))
        if facts is None or facts["purpose"] != purpose:
            raise CodeUsed()
        return facts
