"""RQ jobs. Arguments are ids; every job may run late or twice. RQ finds them by name."""

from __future__ import annotations

from hall.bootstrap import build
from hall.settings import Settings


def fire(hall_id: str, timer: str) -> str:
    """Do what a timer says: a slot has come, a call was not answered."""
    return build(Settings.load()).timers.fire(hall_id, timer)


def close_day(hall_id: str, date: str) -> int:
    """End what is left of a date. Returns how many tickets."""
    return build(Settings.load()).timers.close_day(hall_id, date).tickets
