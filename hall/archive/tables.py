"""The archive's tables: the journal as it was, and one row a fact. Every fact is named by hall and id, and has the
local date and hour it counts for, and whether the hall was a test hall then.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

#: one row an entry; `ms` and `seq` are the halves of its id, so that rows sort as the journal does. `mac` chains it
#: to the one before; None: written before there was a chain, until the archiver has started once
entries = Table(
    "entries",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("ms", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("mac", String(64)),
)

#: how far each hall's journal is copied, how far its copy is projected, and by which version of the projector
cursors = Table(
    "cursors",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("last", String(40), nullable=False),
    Column("projected", String(40), nullable=False, server_default="0-0"),
    Column("facts", Integer, nullable=False, server_default="0"),
)

#: what the projector knew at an entry: where it starts again, and where a replay may start
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("ms", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
)


def _ms(name: str) -> Column[Any]:
    return Column(name, BigInteger)


def _word(name: str) -> Column[Any]:
    return Column(name, String(200))


def _count(name: str) -> Column[Any]:
    return Column(name, Integer)


def _facts(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("hall", String(64), primary_key=True),
        Column("id", String(64), primary_key=True),
        Column("test", Boolean, nullable=False),
        Column("date", String(10), nullable=False),
        Column("hour", Integer, nullable=False),
        *columns,
        Index(f"{name}_by_date", "hall", "date"),
    )


def _kind() -> list[Column[Any]]:
    return [_word("line"), Column("services", Text), _word("lane"), _word("group")]


#: one a number; `called_at`, `rule`, `window` of its first call, `overtaken` by how many later arrivals until then,
#: `hit` whether the range shown came true (inside, outside, unknown)
tickets = _facts(
    "tickets",
    *_kind(),
    *map(_word, ("number", "issued_line", "state", "claim", "language", "appointment", "slip_of")),
    *map(_word, ("rule", "window", "hit", "outcome")),
    *map(_ms, ("issued_at", "arrived", "slot", "green", "called_at", "started_at", "ended_at")),
    *map(_count, ("wait_low", "wait_high", "overtaken")),
)

#: one a call; `over` with smaller keys stayed waiting, `passed` earlier arrivals were overtaken by at most `lead` ms
calls = _facts(
    "calls",
    *_kind(),
    *map(_word, ("ticket", "window", "rule")),
    *map(_ms, ("at", "lead", "bound")),
    *map(_count, ("over", "passed")),
    Column("first", Boolean, nullable=False),
    Column("undone", Boolean, nullable=False),
)

#: one a stay at a window, named by its call; `how` it ended
visits = _facts(
    "visits",
    *_kind(),
    *map(_word, ("ticket", "window", "clerk", "rule", "how", "outcome")),
    *map(_ms, ("called_at", "started_at", "ended_at", "walk", "service")),
    Column("undone", Boolean, nullable=False),
)

#: one a decision of staff, with its reason
moves = _facts(
    "moves", _ms("at"), *map(_word, ("kind", "by", "ticket", "line", "window", "detail")), Column("reason", Text)
)

#: one a booking; `late` ms after the slot, negative when early
appointments = _facts(
    "appointments",
    *map(_word, ("line", "state", "person", "ticket")),
    Column("services", Text),
    *map(_ms, ("slot", "booked_at", "ended_at", "arrived_at", "late")),
    _count("changes"),
    Column("imported", Boolean),
)

#: one a rating; it names no ticket and no clerk
ratings = _facts(
    "ratings",
    *_kind(),
    *map(_word, ("source", "window")),
    *map(_ms, ("at", "due_at", "answered_at")),
    _count("level"),
    Column("items", Text),
)

#: one a case, dated by its opening, with the visits and the numbers in the hall it took; one a matter of a case, dated
#: as its case
cases = _facts(
    "cases",
    *map(_word, ("kind", "source", "group", "community", "state", "owner", "person")),
    Column("items", Text),
    *map(_ms, ("opened_at", "closed_at")),
    *map(_count, ("visits", "not_met", "numbers")),
)
case_items = _facts(
    "case_items",
    *map(_word, ("case", "kind", "group", "community", "item", "bundle", "how", "state", "outcome", "person")),
    *map(_ms, ("opened_at", "ended_at")),
)

#: windows open or paused; devices in trouble; alarms. `till` None: not over
spans = _facts("spans", *map(_word, ("window", "state", "clerk")), *map(_ms, ("since", "till")))
troubles = _facts("troubles", *map(_word, ("device", "name", "state")), *map(_ms, ("since", "till")))
alarms = _facts("alarms", *map(_word, ("name", "by")), *map(_ms, ("since", "till")))

FACTS: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        *(tickets, calls, visits, moves, appointments, ratings),
        *(cases, case_items, spans, troubles, alarms),
    )
}
