"""A hall with a past in its archive, for whoever shows reports."""

from __future__ import annotations

import itertools
from dataclasses import replace

from bench.reports import fill
from bench.year import Year
from bench.year import hall as year_hall
from hall.archive.archive import Archive
from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.domain.texts import Text

_NAMES = {
    "a": Text("社会保障", "Social security"),
    "b": Text("医疗保险", "Medical insurance"),
    "c": Text("养老与助残", "Elderly and disability"),
}
_numbers = itertools.count(1)


def recorded_hall(sanban: Sanban, days: int, visitors: int = 60, hall_id: str = "") -> Hall:
    """A hall whose archive holds the first days of the bench's worked year."""
    bare = year_hall(hall_id or f"year{next(_numbers)}")
    lines = tuple(replace(line, name=_NAMES[line.id]) for line in bare.lines)
    hall = replace(bare, name=Text("长寿路街道社区事务受理服务中心", "Changshou Road Centre"), lines=lines)
    archive = Archive(sanban.settings.archive, migrate=True)
    try:
        fill(archive, Year(seed=3, visitors=visitors, hall=hall), days)
    finally:
        archive.close()
    # Only now: the archiver begins with a hall as soon as it is there.
    sanban.halls.save(hall, Caller(by="test"))
    return hall
