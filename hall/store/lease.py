"""Leadership: of several processes with one task, one does it."""

from __future__ import annotations

from redis.exceptions import LockError
from redis.lock import Lock

from hall.store.keys import Keys
from hall.store.store import Store

SECONDS = 5.0


class Lease:
    """A lease on a hall's task. It ends by itself when its holder dies."""

    def __init__(self, store: Store, hall_id: str, task: str) -> None:
        self._lock = Lock(
            store.moves, Keys(hall_id).of("lease", task), timeout=SECONDS, blocking=False, thread_local=False
        )

    def hold(self) -> bool:
        """Take the lease or prolong it; False while another process has it."""
        if self._lock.local.token is not None:
            try:
                return bool(self._lock.reacquire())
            except LockError:
                self._lock.local.token = None  # it ran out while we were away
        return bool(self._lock.acquire())

    def give_back(self) -> None:
        try:
            if self._lock.local.token is not None:
                self._lock.release()
        except LockError:
            return  # it ran out before: nothing to give back
