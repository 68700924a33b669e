"""帮办服务: one call a kiosk, one answer, nothing forgotten by a restart of a page."""

from __future__ import annotations

import pytest

from hall.domain.calendar import DAYS, Week
from hall.domain.halls import Position
from hall.domain.texts import Text
from hall.services import hall_file
from hall.services.helping import Helping
from hall.services.nearby import Nearby
from hall.services.office import Office
from hall.services.screens import Screens
from hall.services.waits import Waits
from hall.web.api.shapes import both
from kiosk.views import KIOSK, tables
from tests.driver import Driver, text


@pytest.fixture
def helping(hall: Driver) -> Helping:
    return Helping(hall.moves, hall.access)


def test_asking_twice_is_one_call(hall: Driver, helping: Helping) -> None:
    first = helping.call(hall.caller("device:k1"), hall.id, "k1")
    hall.at("08:05")
    assert helping.call(hall.caller("device:k1"), hall.id, "k1") == first
    assert hall.kinds().count("help_wanted") == 1
    assert hall.snapshot().help == {"k1": {"since": first, "name": "k1"}}


def test_the_first_who_goes_is_the_one(hall: Driver, helping: Helping) -> None:
    helping.call(hall.caller("device:k1"), hall.id, "k1")
    assert helping.answer(hall.caller("staff:ann"), hall.id, "k1")
    assert not helping.answer(hall.caller("staff:bob"), hall.id, "k1")
    assert hall.snapshot().help == {}
    (entry,) = [one for one in hall.journal() if one.kind == "help_answered"]
    assert entry.facts["who"] == "staff:ann"


def test_each_kiosk_has_a_call_of_its_own(hall: Driver, helping: Helping) -> None:
    for kiosk in ("k1", "k2"):
        helping.call(hall.caller(f"device:{kiosk}"), hall.id, kiosk)
    helping.cancel(hall.caller("device:k1"), hall.id, "k1")
    assert list(hall.snapshot().help) == ["k2"]


def test_what_kiosks_hear_is_what_a_new_page_reads(hall: Driver, helping: Helping) -> None:
    helping.call(hall.caller("device:k1"), hall.id, "k1")
    helping.call(hall.caller("device:k2"), hall.id, "k2")
    helping.answer(hall.caller("staff:ann"), hall.id, "k1")
    heard: dict[str, object] = {}
    for entry in hall.journal():
        message = KIOSK.seen(entry, hall.hall) or {}
        for table, key, row in message.get("put", []):
            if table == "help":
                heard[key] = row
        for table, key in message.get("remove", []):
            if table == "help":
                heard.pop(key)
    assert heard == tables(hall.hall, hall.snapshot())["help"]
    assert list(heard) == ["k2"]


def test_a_screen_is_told_to_load_itself_again(hall: Driver) -> None:
    from display.views import BOARD

    screens = Screens(hall.moves, hall.access)
    screens.reload(hall.caller("staff:boss"), hall.id, "d1")
    screens.reload(hall.caller("staff:boss"), hall.id)
    told = [BOARD.seen(one, hall.hall) for one in hall.journal() if one.kind == "reload_wanted"]
    assert [one and one["reload"] for one in told] == ["d1", "*"]
    heard = [KIOSK.seen(one, hall.hall) for one in hall.journal() if one.kind == "reload_wanted"]
    assert [one and one.get("reload") for one in heard] == ["d1", None], "a kiosk hears what is for one screen alone"


def test_nearby_halls_tell_lines_and_counts_and_where_they_are(hall: Driver) -> None:
    hall.change(position=Position(31.2, 121.4), address=text("road"))
    hall.issue("a1")
    hall.issue("b1", claim="veteran")
    nearby = Nearby(hall.moves, Waits(hall.store, hall.halls))
    row = nearby._row(hall.hall, hall.now)
    assert {line["id"]: (line["waiting"], line["open"]) for line in row["lines"]} == {"a": (1, True), "b": (1, True)}
    assert row["position"] == {"lat": 31.2, "lon": 121.4}
    assert "veteran" not in str(row)
    assert both(row["address"])


def test_a_hall_that_was_closed_for_today_opens_another_day_and_says_why(hall: Driver) -> None:
    daily = ("09:00-11:30", "13:00-16:30")
    hall.change(hours=Week(**dict.fromkeys(DAYS, daily)))
    nearby, office = Nearby(hall.moves, Waits(hall.store, hall.halls)), Office(hall.moves)
    hall.at("10:00")
    office.close(hall.caller(), hall.id, Text("停电", "No power"), "power cut")
    row = nearby._row(hall.halls.get(hall.id), hall.now)
    assert (row["open"], row["why"]) == (False, Text("停电", "No power"))
    assert row["opens"] == hall.at("09:00", day="2026-11-25").now
    hall.at("12:00")
    office.open(hall.caller(), hall.id, "again")
    office.pause_line(hall.caller(), hall.id, "a", Text("暂停"), "no paper")
    row = nearby._row(hall.halls.get(hall.id), hall.now)
    assert (row["opens"], row["why"]) == (hall.at("13:00").now, None)
    assert [(line["open"], line["why"]) for line in row["lines"]] == [(False, Text("暂停")), (False, None)]


@pytest.mark.parametrize("place", ["{ lat = 91.0, lon = 0.0 }", "{ lat = 0.0, lon = 181.0 }", "{ lat = 1.0 }"])
def test_a_place_that_is_not_on_the_globe_is_refused(place: str) -> None:
    from hall.domain.errors import BadHallFile
    from tests.browser.installation import EXAMPLE

    file = EXAMPLE.read_text("utf-8").replace("{ lat = 31.2424, lon = 121.4316 }", place)
    with pytest.raises(BadHallFile):
        hall_file.parse(file)
