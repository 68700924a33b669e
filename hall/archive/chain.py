"""The audit's chain: each entry is sealed together with the seal of the one before, with a key that the database does
not hold. Who changes, removes or moves an entry cannot make the seals fit again.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Final, NamedTuple

#: entries between two turns of whoever else the process serves: a few milliseconds
_AT_ONCE: Final = 500


class Broken(NamedTuple):
    """The first entry that does not fit, and what is wrong about it."""

    entry: str
    why: str


class Head(NamedTuple):
    """The chain at an entry: how many entries, and the last one's seal."""

    entry: str
    entries: int
    mac: str


def key_of(installation_key: bytes) -> bytes:
    """The chain's key: the installation's is used for nothing directly."""
    return hmac.new(installation_key, b"audit chain\0", hashlib.sha256).digest()


def link(key: bytes, hall_id: str, before: str, entry_id: str, body: str) -> str:
    """The seal of an entry; `before` is the seal of the one before, "" for the first."""
    text = "\0".join((hall_id, before, entry_id, body))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def verify(
    key: bytes, hall_id: str, rows: Iterable[tuple[str, str, str | None]], heads: Iterable[Head], cursor: str
) -> Head | Broken:
    """Walk [(id, body, mac)] in order. `heads` were exported before: what was cut off at the end shows against them and
    against the cursor."""
    known = {head.entry: head for head in heads}
    mac, count, last = "", 0, "0-0"
    for entry_id, body, stored in rows:
        if count % _AT_ONCE == 0:
            time.sleep(0)  # in a web process its other requests and its displays have their turn
        mac, count, last = link(key, hall_id, mac, entry_id, body), count + 1, entry_id
        if stored is None or not hmac.compare_digest(mac, stored):
            return Broken(entry_id, "changed, or an entry before it is missing or moved")
        head = known.pop(entry_id, None)
        if head is not None and (head.entries, head.mac) != (count, mac):
            return Broken(entry_id, "not what was exported that day")
    if known:
        return Broken(
            min(known.values(), key=lambda head: head.entries).entry, "exported that day, and no longer there"
        )
    if last != cursor:
        return Broken(cursor, "archived, and no longer there")
    return Head(last, count, mac)
