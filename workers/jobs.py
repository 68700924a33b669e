"""RQ jobs. Arguments are ids; every job may run late or twice. RQ finds them by name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import structlog

from hall.bootstrap import build
from hall.domain.errors import HallError
from hall.settings import Settings
from hall.simulator import planner

_log = structlog.get_logger()


def fire(hall_id: str, timer: str) -> str:
    """Do what a timer says: a slot has come, a call was not answered."""
    return build(Settings.load()).timers.fire(hall_id, timer)


def close_day(hall_id: str, date: str) -> int:
    """End what is left of a date. Returns how many tickets. Whoever reads the log learns in November that next
    year's holidays are not in the calendar."""
    sanban = build(Settings.load())
    if missing := sanban.days.calendar_warning(hall_id):
        _log.warning("special days missing", hall=hall_id, year=missing, do=f"python -m hall days seed {missing}")
    return sanban.timers.close_day(hall_id, date).tickets


def sweep_people(hall_id: str) -> dict[str, int]:
    """Drop what is kept of people no longer; destroy wrapping keys that no backup needs. Returns how many of each
    kind; of a night that was swept meanwhile: nothing."""
    sanban = build(Settings.load())
    destroyed = sanban.rotation.destroy_retired(sanban.store.clock(), sanban.settings.backup_days)
    if sanban.privacy.due(hall_id, sanban.store.clock()) is None:
        return {}
    counts = sanban.privacy.sweep(hall_id)
    _log.info("people swept", hall=hall_id, keys=destroyed, **counts)
    return counts


def print_paper(hall_id: str, paper: str, copy: int, printer: str) -> str:
    """Print a copy of a ticket or slip. Returns what became of it."""
    return build(Settings.load()).printing.print_paper(hall_id, paper, copy, printer)


def render_voice(hall_id: str) -> int:
    """Render the labels of a hall's windows that no clip says yet. Returns how many."""
    return build(Settings.load()).voices.render(hall_id)


def watch_printers(*hall_ids: str) -> dict[str, dict[str, str]]:
    """Ask the printers of some halls how they are, all at once. Returns their states by hall."""
    printing = build(Settings.load()).printing

    def watch(hall_id: str) -> dict[str, str]:
        try:
            return printing.watch(hall_id)
        except (HallError, ValueError):
            _log.error("printers not watched", hall=hall_id, exc_info=True)  # the other halls' are
            return {}

    with ThreadPoolExecutor(len(hall_ids)) as pool:
        return dict(zip(hall_ids, pool.map(watch, hall_ids), strict=True))


def send_notice(hall_id: str, notice: str, tries: int) -> str:
    """Tell somebody something, if that try is still to be made. Returns what became of it."""
    state = build(Settings.load()).notices.send(hall_id, notice, tries)
    _log.info("notice tried", hall=hall_id, notice=notice, tries=tries + 1, state=state)
    return state


def back_up() -> str:
    """Make a backup, if it is still due. Returns its path."""
    backups = build(Settings.load()).backups
    if not backups.due():
        return ""
    made = backups.make_scheduled()
    _log.info("backup made", path=str(made.path), size=made.size)
    return str(made.path)


def plan(hall_id: str, question: str, turn: int) -> str:
    """Answer a question of planning, if it is still asked. Returns what became of it."""
    state = planner.answer(build(Settings.load()), hall_id, question, turn)
    _log.info("planned", hall=hall_id, question=question, turn=turn, state=state)
    return state
