"""What all moves share: the clock, the version of the description, keys, and their headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hall.store.scripts
from hall.domain.callers import Caller
from hall.domain.errors import HallError, StaleConfig, UnknownHall
from hall.domain.halls import Window
from hall.store.keys import TEMPLATES, Keys
from hall.store.scripts import move_names, source
from tests.driver import Driver

LUA = Path(hall.store.scripts.__file__).parent / "lua"


def test_the_clock_of_a_hall_never_goes_back(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("08:59:30").issue()
    times = [entry.at for entry in hall.journal()]
    assert times == sorted(times)
    assert hall.ticket("A002")["arrived"] == hall.at("09:00").now
    assert "clock_stepped" not in hall.kinds(), "half a minute is no alarm"


def test_a_clock_more_than_a_minute_behind_is_told_once_a_step(hall: Driver) -> None:
    hall.at("09:00").issue()
    for _ in range(3):
        hall.at("08:58").issue()
    stepped = [entry for entry in hall.journal() if entry.kind == "clock_stepped"]
    assert [entry.facts["behind"] for entry in stepped] == [120_000]

    hall.at("09:01").issue()
    hall.at("08:59").issue()
    assert hall.kinds().count("clock_stepped") == 2


def test_without_a_clock_of_the_callers_the_stores_own_is_used(hall: Driver) -> None:
    hall.calls.call_next(Caller("staff:ann"), hall.id, "w1")
    at = hall.journal()[-1].at
    assert abs(hall.store.clock() - at) < 60_000 or at == hall.now


def test_a_process_that_still_has_the_old_description_prepares_the_move_again(store_url: str, hall: Driver) -> None:
    other = Driver(store_url)
    other.id, other.now = hall.id, hall.now
    other.halls.get(hall.id)
    hall.issue("b1")
    hall.change(windows=(Window("w1", "1", ("a",)), Window("w9", "9", ("b",))))
    assert other.next("w1") is None, "w1 no longer serves line b"
    assert hall.next("w9") == "B001"


def test_a_move_prepared_with_an_old_version_is_refused_and_changes_nothing(hall: Driver) -> None:
    version = hall.halls.current(hall.id).version
    hall.change(outcomes=("done",))
    entries = len(hall.journal())
    with pytest.raises(StaleConfig):
        hall.store.run(hall.id, "pause", hall.caller(), {"window": "w1"}, config=version)
    assert len(hall.journal()) == entries


def test_an_unknown_hall_is_told(hall: Driver) -> None:
    with pytest.raises(UnknownHall):
        hall.halls.get("nowhere")
    with pytest.raises(UnknownHall):
        hall.store.snapshot("nowhere")


def test_every_key_of_a_hall_carries_its_tag_and_is_one_of_the_list(hall: Driver) -> None:
    hall.issue(id_number="11010519491231002X", slot="08:30")
    hall.next("w1")
    names = [name.removeprefix(Keys(hall.id).hall) for name in hall.store.reads.scan_iter(f"*{hall.id}*")]
    forms = ["", *(re.escape(":" + template).replace("%s", ".+") for template in TEMPLATES.values())]
    assert len(names) > 8
    assert [name for name in names if not any(re.fullmatch(form, name) for form in forms)] == []


def test_no_entry_of_the_journal_tells_of_a_person(hall: Driver) -> None:
    hall.issue(id_number="11010519491231002X")
    person = hall.secrets.person(hall.id, "11010519491231002X")
    rows = str(hall.store.journal.raw_after(hall.id, "0-0"))
    assert "11010519491231002X" not in rows
    assert person not in rows


@pytest.mark.parametrize("move", move_names())
def test_every_move_says_what_it_takes_and_gives(move: str) -> None:
    head = "\n".join(line for line in (LUA / f"{move}.lua").read_text("utf-8").splitlines() if line.startswith("--"))
    assert head.startswith(f"-- {move}: ")
    for part in ("-- args", "-- Returns", "-- Errors"):
        assert part in head


def test_every_refusal_of_a_script_has_an_error_of_its_code() -> None:
    text = "".join(path.read_text("utf-8") for path in LUA.rglob("*.lua"))
    codes = set(re.findall(r"refuse\('(\w+)'", text)) | set(re.findall(r"error_reply\('(\w+)", text))
    assert len(codes) > 15
    assert codes - HallError.by_code.keys() == set()


def test_no_script_writes_to_a_global() -> None:
    """The server refuses undefined globals only when the line runs; a misspelt local would wait for its day."""
    for move in move_names():
        assigned = re.findall(r"^(\w+)(?:, \w+)* = ", source(move), re.MULTILINE)
        local = set(re.findall(r"local (?:function )?([\w, ]+)", source(move)))
        names = {name.strip() for group in local for name in group.split(",")}
        assert set(assigned) - names == set(), move


def test_after_the_stores_clock_fell_back_the_halls_goes_on_at_half_the_pace(hall: Driver) -> None:
    """Else no timer would come until the clock is there again."""
    hall.now = hall.store.clock() + 3_600_000
    hall.issue()
    ahead = hall.now
    staff = Caller("staff:ann")
    hall.calls.call_next(staff, hall.id, "w1")
    assert hall.kinds().count("clock_stepped") == 1
    began = hall.store.hall_now(hall.id)
    assert ahead <= began < ahead + 30_000, "it does not go back"
    # As if it had fallen back ten minutes ago.
    fell_to, at = str(hall.store.reads.hget(Keys(hall.id).hall, "stepped")).split("/")
    hall.store.moves.hset(Keys(hall.id).hall, "stepped", f"{int(fell_to) - 600_000}/{at}")
    assert 0 <= hall.store.hall_now(hall.id) - began - 300_000 < 30_000
    hall.calls.recall(staff, hall.id, "w1")
    assert hall.journal()[-1].at >= began + 300_000
    # As if that had been two and a half hours ago.
    then = int(fell_to) - 9_000_000
    hall.store.moves.hset(Keys(hall.id).hall, mapping={"now": str(then), "stepped": f"{then}/{then + 3_600_000}"})
    hall.calls.recall(staff, hall.id, "w1")
    assert hall.store.reads.hget(Keys(hall.id).hall, "stepped") is None
    assert hall.kinds().count("clock_stepped") == 1


def test_a_caller_with_a_clock_of_its_own_moves_no_other_clock(hall: Driver) -> None:
    """Somebody who gives a hall a past, and then people who come now."""
    hall.now = hall.store.clock()
    hall.issue()
    hall.now -= 4_800_000
    hall.issue()
    assert hall.kinds().count("clock_stepped") == 1
    hall.calls.call_next(Caller("staff:ann"), hall.id, "w1")
    assert abs(hall.journal()[-1].at - hall.store.clock()) < 30_000
