"""A hall at far more than ten times its load: what the installation holds stays flat. Slopes are reported."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.site import HALL, Site
from tests.system.serving import PROCESSES, command_line, descendants

#: seconds from one look to the next, and before the first: heaps and pools fill
_EVERY, _WARM = 1.0, 20.0
#: what a process may have more at the end than at the beginning: MiB, open files and sockets
_MIB, _HANDLES = 4.0, 6.0
#: KiB of each number that was given out, which go at night: in the store its image, journal and requests; the archiver
#: remembers its calls
_OF_A_TICKET = {"store": 8.0, "archiver": 4.0}
#: the same of the store's keys that do not belong to one ticket or one request, which go at night or after a day
_KEYS = 6.0
_OF_ONE = ("ticket:", "private:", "request:")
#: seconds between two requests of one kiosk or clerk
_PACE = 1.0
#: numbers a second: a hall gives 38 in its busiest hour
_TEN_TIMES = 380 / 3600
_AN_HOUR = 3600
_ISSUED = "numbers"


@dataclass
class Course:
    """One amount, looked at again and again."""

    at: list[float] = field(default_factory=list)
    amounts: list[float] = field(default_factory=list)

    @property
    def slope(self) -> float:
        """Amount an hour, by least squares."""
        middle, mean = sum(self.at) / len(self.at), sum(self.amounts) / len(self.amounts)
        spread = sum((at - middle) ** 2 for at in self.at)
        both = zip(self.at, self.amounts, strict=True)
        return 3600 * sum((at - middle) * (amount - mean) for at, amount in both) / spread

    @property
    def grown(self) -> float:
        """What the slope makes of the time that was looked at."""
        return self.slope * (self.at[-1] - self.at[0]) / 3600


def look(site: Site) -> dict[str, float]:
    """MiB and handles of each process that stays, and the store's keys that stay."""
    found = {_ISSUED: float(len(site.crowd.record.issued))}
    for pid in descendants(site.serving.pid):
        name = next((name for name, part in PROCESSES.items() if part in command_line(pid)), None)
        try:
            status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
            handles = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        except OSError:
            continue  # a job's own process, which has ended
        if name is not None and "VmRSS" in status:
            found[f"{name} {pid}, MiB"] = int(status.split("VmRSS:")[1].split()[0]) / 1024
            found[f"{name} {pid}, handles"] = float(handles)
    names = [key.partition("}:")[2] for key in site.sanban.store.reads.scan_iter(match=f"*{HALL}*", count=5000)]
    found["keys of the hall"] = float(sum(not name.startswith(_OF_ONE) for name in names))
    return found


def soak(site: Site, seconds: float) -> dict[str, Course]:
    """Courses of what was there from the first look to the last."""
    time.sleep(_WARM)
    courses: dict[str, Course] = {}
    looks, began = 0, time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        looks += 1
        for name, amount in look(site).items():
            course = courses.setdefault(name, Course())
            course.at.append(at)
            course.amounts.append(amount)
        time.sleep(_EVERY)
    assert courses[_ISSUED].grown / seconds > _TEN_TIMES
    whole = {name: course for name, course in courses.items() if len(course.at) == looks}
    assert {name.split()[0] for name in whole} >= {*PROCESSES, "keys", _ISSUED}, "a process did not stay"
    return whole


def steep(courses: dict[str, Course]) -> list[str]:
    tickets = courses[_ISSUED].grown
    return [
        f"{name}: {course.amounts[0]:.1f} … {course.amounts[-1]:.1f}, {course.slope:+.0f} an hour"
        for name, course in courses.items()
        if name != _ISSUED and course.grown > _most(name, tickets)
    ]


def _most(name: str, tickets: float) -> float:
    """What an amount may have grown while so many numbers were given out."""
    of, _, unit = name.partition(", ")
    if unit == "MiB":
        return _MIB + tickets * _OF_A_TICKET.get(of.split()[0], 0.0) / 1024
    return _HANDLES if unit == "handles" else _KEYS


@pytest.mark.parametrize("seconds", [120, pytest.param(_AN_HOUR, marks=pytest.mark.long)])
def test_time_leaves_memory_handles_sockets_and_keys_flat(make_site: MakeSite, seconds: float) -> None:
    site = make_site()
    site.crowd.pace = _PACE
    courses = soak(site, seconds - _WARM)
    slopes = {f"{name}, an hour": round(course.slope, 1) for name, course in courses.items()}
    print(slopes)  # noqa: T201 - reported: pytest -s
    if seconds >= _AN_HOUR:
        figures.keep("a soak of an hour", slopes)
    assert steep(courses) == []
    assert site.complaints() == []


def test_what_grows_is_found() -> None:
    leak, flat, tickets = Course(), Course(), Course()
    for n in range(100):
        for course, amount in ((leak, n * 0.05), (flat, n % 7), (tickets, n * 5)):
            course.at.append(float(n))
            course.amounts.append(100 + amount)
    amounts = {"web 1, MiB": leak, "web 2, MiB": flat, "archiver 3, MiB": leak, "keys of the hall": flat}
    assert steep({**amounts, _ISSUED: tickets}) == ["web 1, MiB: 100.0 … 105.0, +180 an hour"]
