"""A city on one machine: halls with their windows, displays and phones, all processes of an installation, and the
visitors of a peak hour, ever faster.

The load comes from the same machine, so what it holds is told too low rather than too high.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, replace

from bench import due
from bench.cpu import await_quiet, resident, seconds, used
from bench.crew import crew
from bench.listen import BOARD_RING, Pages, Spec
from bench.report import Figure, percentile
from bench.rig import CALLER, LINES, Rig, bench_hall, rig
from hall.domain.policy import Policy
from hall.services.tickets import Wish
from hall.web.pump import HEARTBEAT_SECONDS

#: of one hall; together 1,980 windows and displays, and 9,900 phones
WINDOWS, DISPLAYS, PHONES = 9, 9, 45
#: visitors of a hall in its busiest hour: a sixth of the 225 of a day
PEAK = 38
#: a call must be on every display of its hall so soon, ms
SOON = 250
_CROWD = 2500
_REST = 45.0
#: cores of the background processes when nothing is left over, and the seconds one looks
_SETTLED, _LOOK = 0.8, 5.0
#: a platform that is given too much refuses some for a moment
_FINE = {"200", "201", "503"}
#: phones that look after a call
_LOOKERS = 2
#: from one look of a phone's page that somebody sees to the next, when many are before it (kiosk/static/js/pace.js),
#: and how long they are watched
_LOOK_EVERY, _LOOKING = 120.0, 20.0
_FINISH = json.dumps({"finish": {"outcome": "done"}})


@dataclass(frozen=True, slots=True)
class City:
    """Halls by id with a manager's token each, and the tokens of the phones' tickets."""

    place: Rig
    tokens: dict[str, str]
    phones: list[str]

    @property
    def halls(self) -> list[str]:
        return list(self.tokens)


def measure(halls: int, speeds: tuple[int, ...], calls: int) -> list[Figure]:
    """`speeds`: how many times faster than in its hour the visitors come, until a call comes too late; `calls`: of each
    hall at each speed."""
    with rig(windows=WINDOWS) as place, crew(place) as others:
        city = _open(place, halls)
        time.sleep(HEARTBEAT_SECONDS)  # a web worker meets a new hall at its next beat
        await_quiet(place.server, place.sanban.store.reads)
        _await_settled(others)
        empty, bare = resident(place.server), _store_memory(place)
        phones = _follow(city)
        figures = [*_rest(place, others, halls), _looks(city)]
        for speed in speeds:
            stage = _stage(city, others, speed, calls)
            figures += stage
            if stage[0].value > SOON:
                break
        pages = halls * (PHONES + DISPLAYS)
        figures.append(Figure(f"web memory of {pages:,} pages", (resident(place.server) - empty) / 1024, "MiB"))
        figures.append(Figure("store memory of a hall with 45 waiting", bare / halls / 1024, "KiB"))
        for one in phones:
            one.stop()
    return figures


def _open(place: Rig, halls: int) -> City:
    """The halls, in each somebody at every window and the phones' owners waiting."""
    sanban, tokens, phones = place.sanban, {}, []
    for hall in (f"hall-{n}" for n in range(halls)):
        # Whoever is called here never comes; nobody waits for them while it is measured.
        sanban.halls.save(replace(bench_hall(hall, WINDOWS), policy=Policy(walk_seconds=1440)), CALLER)
        tokens[hall] = sanban.access.add_token(hall, "manager")
        for n in range(WINDOWS + PHONES):
            placed = sanban.tickets.issue(CALLER, hall, Wish(services=(f"s{n % LINES}",)))
            phones.append(sanban.secrets.ticket_token(hall, placed.ticket["id"]))
        for n in range(WINDOWS):
            sanban.calls.call_next(CALLER, hall, f"w{n}")
    return City(place, tokens, phones)


def _await_settled(others: list[int], patience: float = 300) -> None:
    """Until the background processes have done what a first start brings: yesterday's close in every hall, and more."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before = seconds(others)
        time.sleep(_LOOK)  # the span that is looked at
        if seconds(others) - before < _SETTLED * _LOOK:
            return
    raise TimeoutError("the background processes are still busy")


def _rest(place: Rig, others: list[int], halls: int) -> list[Figure]:
    before, background = used(place.server, place.sanban.store.reads), seconds(others)
    time.sleep(_REST)  # rest is what is measured; a forecast of every hall falls into it
    cpu, background = used(place.server, place.sanban.store.reads).since(before), seconds(others) - background
    name = f"{halls} halls in which nothing happens"
    return [
        Figure(f"{name}; processor of web and store", ((cpu.web or 0.0) + cpu.store) / _REST, "cores"),
        Figure(f"{name}; processor of the background processes", background / _REST, "cores"),
    ]


def _looks(city: City) -> Figure:
    """Every phone looks at its page as often as if somebody held it in their hand."""
    dice = random.Random(1)
    lines = []
    for n in range(0, len(city.phones), PHONES):
        some = city.phones[n : n + PHONES]
        moments = sorted(dice.uniform(0, _LOOK_EVERY) for _ in some)
        asked = [(at, f"/t/{phone}", "") for at, phone in zip(moments, some, strict=True) if at < _LOOKING]
        lines.append(due.Line("", asked or [(0.0, f"/t/{some[0]}", "")]))
    place = city.place
    before = used(place.server, place.sanban.store.reads)
    answered = due.run(due.Spec(place.host, place.port, lines))
    cpu = used(place.server, place.sanban.store.reads).since(before)
    if not answered.statuses.keys() <= _FINE:
        raise RuntimeError(f"phones that look: {answered.statuses}")
    spans = [(end - begin) * 1000 for line in answered.spans for begin, end in line]
    looks = len(spans)
    return Figure(
        f"{looks / _LOOKING:.0f} looks a second of {len(city.phones):,} phones",
        ((cpu.web or 0.0) + cpu.store) / _LOOKING,
        "cores",
        p50_ms=percentile(spans, 0.5),
        p99_ms=percentile(spans, 0.99),
        web_us=(cpu.web or 0.0) / looks * 1e6,
        store_us=cpu.store / looks * 1e6,
    )


def _follow(city: City) -> list[Pages]:
    crowds = []
    for start in range(0, len(city.phones), _CROWD):
        joins = [("", "follow", {"token": phone}) for phone in city.phones[start : start + _CROWD]]
        # They hear of their own tickets, which nobody counts.
        crowds.append(_pages(city, joins, calls=1, ring="no such frame", patience=3600))
    return crowds


def _pages(
    city: City, joins: list[tuple[str, str, dict[str, str]]], calls: int, ring: str, patience: float = 30
) -> Pages:
    place = city.place
    pages = Pages(Spec(place.host, place.port, "", ("", {}), ring, len(joins), calls, patience, joins))
    pages.await_joined()
    return pages


def _stage(city: City, others: list[int], speed: int, calls: int) -> list[Figure]:
    """A number is taken and another one called in every hall, `calls` times, at random moments."""
    joins = [(city.tokens[hall], "join", {"room": f"{hall}/board"}) for _ in range(DISPLAYS) for hall in city.halls]
    displays = _pages(city, joins, calls, BOARD_RING)
    lasts = calls / PEAK * 3600 / speed
    dice = random.Random(speed)
    lines = [due.Line(city.tokens[hall], _requests(hall, calls, lasts, dice)) for hall in city.halls]
    looks = [due.Line("", _looks_after(city, line, dice)) for line in lines]
    place = city.place
    before, background = used(place.server, place.sanban.store.reads), seconds(others)
    answered = due.run(due.Spec(place.host, place.port, lines + looks))
    heard = displays.heard()
    cpu = used(place.server, place.sanban.store.reads).since(before)
    background = seconds(others) - background
    displays.stop()
    ends = [end for line in answered.spans for _, end in line]
    took = max(lasts, max(ends) - min(begin for line in answered.spans for begin, _ in line))
    if not answered.statuses.keys() <= _FINE or any(len(times) != calls for times in heard):
        raise RuntimeError(f"city at {speed}: answers {answered.statuses}, a display heard {min(map(len, heard))}")
    posts = [[begin for begin, _ in line[1::2]] for line in answered.spans[: len(lines)]]
    late = [
        (at - begin) * 1000
        for n, times in enumerate(heard)
        for begin, at in zip(posts[n % len(posts)], times, strict=True)
    ]
    p99 = percentile(late, 0.99)
    visitors, halls = calls * len(lines), len(lines)
    name = f"{halls} halls, a peak hour {speed}-fold: {visitors / lasts:.0f} visitors a second"
    return [
        Figure(
            f"{name}; a call on a display",
            p99,
            "ms p99",
            f"{SOON} ms",
            p99 / SOON,
            "≤ 1",
            fixed=True,
            p50_ms=percentile(late, 0.5),
            p99_ms=p99,
            web_us=(cpu.web or 0.0) / visitors * 1e6,
            store_us=cpu.store / visitors * 1e6,
        ),
        Figure(
            f"{name}; processor of web and store",
            ((cpu.web or 0.0) + cpu.store) / took,
            "cores",
        ),
        Figure(f"{name}; processor of the background processes", background / took, "cores"),
    ]


def _requests(hall: str, calls: int, seconds: float, dice: random.Random) -> list[tuple[float, str, str]]:
    """Visitors at random moments, each with a number taken and a window that finishes and calls the next one."""
    found = []
    for moment in sorted(dice.uniform(0, seconds) for _ in range(calls)):
        service, window = dice.randrange(LINES), dice.randrange(WINDOWS)
        found.append((moment, f"/api/v1/halls/{hall}/tickets", json.dumps({"services": [f"s{service}"]})))
        found.append((moment, f"/api/v1/halls/{hall}/windows/w{window}/call-next", _FINISH))
    return found


def _looks_after(city: City, line: due.Line, dice: random.Random) -> list[tuple[float, str, str]]:
    """Who holds the phone in a hand and comes soon looks within two seconds after a call (kiosk/static/js/pace.js): a
    fifth of the ten, as is assumed here."""
    hall = city.halls.index(line.requests[0][1].split("/")[4])
    own = city.phones[hall * (WINDOWS + PHONES) :][: WINDOWS + PHONES]
    calls = [at for at, path, _ in line.requests if path.endswith("call-next")]
    moments = sorted(at + dice.uniform(0, 2) for at in calls for _ in range(_LOOKERS))
    return [(at, f"/t/{dice.choice(own)}", "") for at in moments]


def _store_memory(place: Rig) -> float:
    return float(place.sanban.store.reads.info("memory")["used_memory"])


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(halls=220, speeds=(10, 30, 60, 120), calls=8)))
