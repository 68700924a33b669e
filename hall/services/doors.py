"""How staff come in and go: passwords tried, sessions that end, everywhere at once if need be."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from hall.domain.errors import TooManyTries
from hall.services.access import Access
from hall.store.access import Record
from hall.store.doors import DoorStore, Tries
from hall.store.office import OfficeStore

#: wrong passwords of one browser, or of one address, for one account: five, then ever longer waits
_OF_ONE = Tries(free=5, longest_seconds=900)
#: of all browsers together where the account never signed in
_OF_STRANGERS = Tries(free=50, longest_seconds=900)
#: failures that the journal tells, of one account or of all names that are nobody's: it must not be filled by guessing
_TOLD = Tries(free=100, longest_seconds=900)
#: a session's record is looked at again after so many seconds; its end is told at once
_KNOWN_SECONDS = 30.0
_USED_SECONDS = 60.0
_MOST_KNOWN = 10_000


def _at_once(verify: Callable[[], bool]) -> bool:
    return verify()


def hidden(secret: str) -> str:
    """How the store knows a session: its cookie is worth nothing to who reads the store."""
    return hashlib.sha256(secret.encode()).hexdigest()[:40]


@dataclass(slots=True)
class Doors:
    access: Access
    idle_seconds: int = 3600
    longest_seconds: int = 12 * 3600
    #: a web process verifies passwords beside its other work: one takes it 50 ms and 64 MB
    slowly: Callable[[Callable[[], bool]], bool] = _at_once
    #: (hall, hash of a session) → when its record was seen
    _known: dict[tuple[str, str], float] = field(default_factory=dict)
    #: (hall, token) → when its use was noted
    _used: dict[tuple[str, str], float] = field(default_factory=dict)

    @property
    def _store(self) -> DoorStore:
        return DoorStore(self.access.store)

    def check_password(
        self, hall_id: str, staff_id: str, password: str, address: str, browser: str = ""
    ) -> Record | None:
        """The staff record if the password is right. `browser`: the name of one where this account signed in before;
        its tries are its own, so that nobody elsewhere, not even behind the same address, can lock a colleague out.
        Raises `TooManyTries`; nothing is verified then. The journal tells of a wrong one, and never what was typed."""
        counted = [(_who(staff_id, browser or f"at {address}"), _OF_ONE)]
        if not browser:
            counted.append((_who(staff_id, "strangers"), _OF_STRANGERS))
        for who, tries in counted:
            if wait := self._store.try_one(hall_id, who, tries):
                raise TooManyTries(seconds=wait)
        record = self.access.staff(hall_id).get(staff_id)
        hashed = record["hash"] if record else _NOBODY
        if not self.slowly(lambda: self.access.verify(hashed, password)) or record is None:
            self.tell_failed(hall_id, staff_id, "password", "wrong" if record else "unknown")
            return None
        self._store.forget_tries(hall_id, counted[0][0])
        return record

    def try_second(self, hall_id: str, staff_id: str) -> None:
        """Count a code before it is looked at: only who knew the password comes here. Raises `TooManyTries`."""
        if wait := self._store.try_one(hall_id, _who(staff_id, "second factor"), _OF_ONE):
            raise TooManyTries(seconds=wait)

    def forget_second(self, hall_id: str, staff_id: str) -> None:
        self._store.forget_tries(hall_id, _who(staff_id, "second factor"))

    def tell_failed(self, hall_id: str, staff_id: str, how: str, why: str) -> None:
        """Write into the journal that somebody was not let in. A name that is nobody's stays untold: it may be a
        password that was typed into the wrong field."""
        known = staff_id if staff_id in self.access.staff(hall_id) else ""
        if self._store.try_one(hall_id, _who(known, "told"), _TOLD) == 0:
            self._store.tell(hall_id, "sign_in_failed", "nobody", staff=known, how=how, why=why)

    # Sessions --------------------------------------------------------------------------------

    def open_session(
        self, hall_id: str, staff_id: str, how: str = "password", link_by: str = "", second: str = ""
    ) -> str:
        """A new session's secret, for a cookie; the journal says how they came in (`password`, `link`, `openid`,
        `set-up`), and who made the link; `second`: which second factor (`totp`, `recovery`)."""
        self._store.tell(
            hall_id, "signed_in", f"staff:{staff_id}", staff=staff_id, how=how, link_by=link_by, second=second
        )
        secret = secrets.token_urlsafe(24)
        record = {"staff": staff_id, "at": int(time.time())}
        self._store.put_session(hall_id, hidden(secret), record, self.idle_seconds)
        return secret

    def in_session(self, hall_id: str, staff_id: str, session: str) -> bool:
        """Whether a session (its hash) goes on; using it keeps it alive, but not for ever."""
        now = time.monotonic()
        if now - self._known.get((hall_id, session), -_KNOWN_SECONDS) < _KNOWN_SECONDS:
            return True
        record = self._store.session(hall_id, session)
        if record is None or record["staff"] != staff_id:
            return False
        left = record["at"] + self.longest_seconds - int(time.time())
        if left <= 0:
            return False
        self._store.keep_session(hall_id, session, min(self.idle_seconds, left))
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[hall_id, session] = now
        return True

    def has_ended(self, hall_id: str, session: str) -> bool:
        """Looking does not keep it alive."""
        return self._store.session(hall_id, session) is None

    def end_session(self, hall_id: str, staff_id: str, session: str) -> None:
        """Its cookie opens nothing any more, and its open pages are told so."""
        self._store.end_session(hall_id, staff_id, session)
        self.forget(hall_id)

    # Tokens of programs ----------------------------------------------------------------------

    def use(self, hall_id: str, token_id: str) -> None:
        """Note when a token was used last, once a minute."""
        now = time.monotonic()
        if now - self._used.get((hall_id, token_id), -_USED_SECONDS) < _USED_SECONDS:
            return
        self._used[hall_id, token_id] = now
        with suppress(RedisError):  # what the program asked for is not refused for this
            OfficeStore(self.access.store).hear(hall_id, f"token/{token_id}", int(time.time() * 1000))

    def forget(self, hall_id: str) -> None:
        self._known = {key: seen for key, seen in self._known.items() if key[0] != hall_id}


def _who(staff_id: str, where: str) -> str:
    return hashlib.sha256(f"{staff_id}\0{where}".encode()).hexdigest()[:32]


#: Verified when there is no such account, so that a wrong name takes as long as a wrong password: of a secret that
#: nobody kept. To hash one here would cost every process a moment and 64 MiB at its start.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$X8Y3RaLjqAyiKydoCK36VQ$YPuoWGEPGPi5YNQ8e6wQ1+3mhr0lptLtihAY9WbEN6I"
