"""What a manager does to a running hall: for today alone, and told in the journal; alarms, help and messages."""

from __future__ import annotations

import pytest

from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.errors import ContingentFull, ReasonMissing, TextNotPlain, UnknownLine, UnknownWindow
from hall.domain.forecast import Forecast, Range
from hall.domain.office import Stop
from hall.domain.office_errors import ClosedToday, LinePaused, TooLateToday
from hall.domain.texts import Text
from hall.services.alarms import AlarmWatch
from hall.services.case_lists import CaseLists
from hall.services.cases import Cases
from hall.services.office import Office
from tests.driver import Driver

TOLD = Text("停电", "No power")


@pytest.fixture
def office(hall: Driver) -> Office:
    hall.at("09:00")
    return Office(hall.moves)


def last(hall: Driver, kind: str) -> dict[str, object]:
    facts: dict[str, object] = [entry.facts for entry in hall.journal() if entry.kind == kind][-1]
    return facts


# Today ---------------------------------------------------------------------------------------


def test_a_closed_hall_gives_no_numbers_and_serves_who_has_one(hall: Driver, office: Office) -> None:
    number = hall.issue()
    office.close(hall.caller(), hall.id, TOLD, "power cut")
    with pytest.raises(ClosedToday) as refused:
        hall.issue()
    assert refused.value.facts == {"zh": "停电", "en": "No power"}
    assert hall.next() == number
    assert last(hall, "configured")["what"] == "today closed"
    assert last(hall, "configured")["reason"] == "power cut"
    office.open(hall.caller(), hall.id, "power again")
    assert hall.issue() == "A002"


def test_a_paused_line_gives_no_numbers_and_the_others_do(hall: Driver, office: Office) -> None:
    office.pause_line(hall.caller(), hall.id, "a", TOLD, "printer of cards")
    with pytest.raises(LinePaused):
        hall.issue("a1")
    assert hall.issue("b1") == "B001"
    office.resume_line(hall.caller(), hall.id, "a", "mended")
    assert hall.issue("a1") == "A001"


def test_a_contingent_may_be_changed_for_today(hall: Driver, office: Office) -> None:
    office.set_contingent(hall.caller(), hall.id, "a", 1, "few clerks")
    hall.issue()
    with pytest.raises(ContingentFull):
        hall.issue()
    office.set_contingent(hall.caller(), hall.id, "a", 2, "one more came")
    hall.issue()
    office.set_contingent(hall.caller(), hall.id, "a", None, "as usual")
    hall.issue()


def test_tomorrow_everything_is_as_usual(hall: Driver, office: Office) -> None:
    office.close(hall.caller(), hall.id, TOLD, "power cut")
    office.set_contingent(hall.caller(), hall.id, "a", 0, "none")
    hall.at("00:00", day="2026-11-25")
    assert hall.issue() == "A001"
    # And the next change forgets yesterday's.
    now = office.pause_line(hall.caller(), hall.id, "b", TOLD, "today")
    assert (now.today.closed, now.today.contingents) == (None, {})


def test_reception_may_go_beyond_and_it_is_recorded(hall: Driver, office: Office) -> None:
    office.close(hall.caller(), hall.id, TOLD, "power cut")
    assert hall.issue("a1", override="came from far") == "A001"
    assert last(hall, "issued")["override"] == "came from far"


def test_changes_for_today_are_not_in_the_halls_file(hall: Driver, office: Office) -> None:
    before = hall.halls.export(hall.id)
    office.close(hall.caller(), hall.id, TOLD, "power cut")
    assert hall.halls.export(hall.id) == before


def test_a_change_needs_a_reason_and_something_that_is_there(hall: Driver, office: Office) -> None:
    before = hall.kinds()
    with pytest.raises(ReasonMissing):
        office.close(hall.caller(), hall.id, TOLD, " ")
    with pytest.raises(TextNotPlain):
        office.close(hall.caller(), hall.id, Text(" "), "why")
    for change in (office.resume_line,):
        with pytest.raises(UnknownLine):
            change(hall.caller(), hall.id, "z", "why")
    with pytest.raises(UnknownLine):
        office.pause_line(hall.caller(), hall.id, "z", TOLD, "why")
    with pytest.raises(UnknownLine):
        office.set_contingent(hall.caller(), hall.id, "z", 1, "why")
    assert hall.kinds() == before


# Numbers that stop by themselves --------------------------------------------------------------


def forecast(hall: Driver, low: int) -> None:
    lanes: dict[str, Range | None] = {"general": Range(low, low + 10), "green": Range(0, 5), "appointment": Range(0, 5)}
    hall.store.forecasts.put(hall.id, Forecast(hall.now, {}, {"a": lanes}))


def test_numbers_stop_when_the_call_would_come_after_closing(hall: Driver) -> None:
    hall.change(hours=Week(*[("09:00-16:00",)] * 5), stop=Stop(before_closing=True, reserve=10))
    hall.at("15:00")
    forecast(hall, 50)
    assert hall.issue() == "A001"
    forecast(hall, 55)
    with pytest.raises(TooLateToday):
        hall.issue()
    # Who is called in time still gets a number, and so does whom reception lets through.
    assert hall.issue(claim="veteran") == "A002"
    assert hall.issue(override="she was here at noon") == "A003"
    hall.change(stop=Stop())
    assert hall.issue() == "A004"


# Notes ---------------------------------------------------------------------------------------


def test_two_windows_that_call_for_help_are_both_shown(hall: Driver, office: Office) -> None:
    assert office.help(hall.caller("staff:ann"), hall.id, "w1")
    assert office.help(hall.caller("staff:bob"), hall.id, "w2")
    assert not office.help(hall.caller("staff:ann"), hall.id, "w1")
    assert sorted(hall.snapshot().notes) == sorted(office.notes(hall.id)) == ["help/w1", "help/w2"]
    assert office.notes(hall.id)["help/w2"] == {"by": "staff:bob", "since": hall.now}
    assert hall.kinds().count("backup_wanted") == 2


def test_help_ends_when_a_colleague_answers_and_only_once(hall: Driver, office: Office) -> None:
    office.help(hall.caller("staff:ann"), hall.id, "w1")
    assert office.answer_help(hall.caller("staff:bob"), hall.id, "w1")
    assert not office.answer_help(hall.caller("staff:cat"), hall.id, "w1")
    entry, told = hall.journal()[-2:]
    assert (entry.kind, entry.by, entry.facts["name"]) == ("backup_answered", "staff:bob", "help/w1")
    assert (told.kind, told.facts["name"], told.facts["note"]["by"]) == ("message_sent", "answer/w1", "staff:bob")
    assert office.notes(hall.id) == {"answer/w1": {"by": "staff:bob", "since": hall.now}}
    assert office.read(hall.caller("staff:ann"), hall.id, "w1", "answer", hall.now)
    assert office.notes(hall.id) == {}


def test_whoever_called_for_help_may_take_it_back_and_is_told_nothing(hall: Driver, office: Office) -> None:
    office.help(hall.caller("staff:ann"), hall.id, "w1")
    assert office.answer_help(hall.caller("staff:ann"), hall.id, "w1")
    assert office.notes(hall.id) == {}


def test_what_a_window_is_told_is_told_to_whoever_sits_there(hall: Driver, office: Office) -> None:
    for clerk, window in (("ann", "w1"), ("bob", "w2")):
        hall.windows.open(Caller(by=f"staff:{clerk}", clerk=clerk, now=hall.now), hall.id, window)
    office.message(hall.caller(), hall.id, "w1", "come to the door")
    ann, bob = (Caller(by=f"staff:{clerk}", clerk=clerk, now=hall.now) for clerk in ("ann", "bob"))
    assert office.told(ann, hall.id, "w1")["message"]["text"] == "come to the door"
    assert office.told(ann, hall.id, "w2") == office.told(bob, hall.id, "w1") == office.told(bob, hall.id, "w2") == {}


def test_a_message_stays_until_it_is_read_and_a_newer_one_takes_its_place(hall: Driver, office: Office) -> None:
    office.message(hall.caller(), hall.id, "w1", "come to the door")
    first = hall.now
    hall.now += 1000
    office.message(hall.caller(), hall.id, "w1", "stay where you are")
    assert not office.read(hall.caller(), hall.id, "w1", "message", first)  # pressed while the newer one was on its way
    assert office.notes(hall.id)["message/w1"]["text"] == "stay where you are"
    assert office.read(hall.caller(), hall.id, "w1", "message", hall.now)
    assert office.notes(hall.id) == {}
    for text in ("", "<b>x"):
        with pytest.raises(TextNotPlain):
            office.message(hall.caller(), hall.id, "w1", text)
    with pytest.raises(UnknownWindow):
        office.message(hall.caller(), hall.id, "w9", "hello")


# Alarms --------------------------------------------------------------------------------------


def test_an_alarm_is_raised_once_and_ends_with_its_cause(hall: Driver, office: Office) -> None:
    watch = AlarmWatch(hall.moves, hall.access, CaseLists(Cases(hall.moves, hall.secrets)))
    hall.store.journal.set_archived(hall.id, hall.journal()[-1].id)
    hall.issue()
    hall.at("09:45")
    for _ in range(3):
        assert "alarm/longest_wait/a" in watch.watch(hall.id, hall.now)
    assert [e.facts["name"] for e in hall.journal() if e.kind == "alarm_raised"].count("alarm/longest_wait/a") == 1
    hall.next()
    assert "alarm/longest_wait/a" not in watch.watch(hall.id, hall.now)
    assert "alarm/longest_wait/a" not in office.notes(hall.id)
    assert last(hall, "alarm_ended")["name"] == "alarm/longest_wait/a"


def test_a_window_idles_from_when_it_was_first_seen_idle(hall: Driver, office: Office) -> None:
    watch = AlarmWatch(hall.moves, hall.access, CaseLists(Cases(hall.moves, hall.secrets)))
    hall.windows.open(hall.caller(), hall.id, "w1")
    hall.issue()
    watch.watch(hall.id, hall.now)
    assert "alarm/idle_window/w1" not in watch.watch(hall.id, hall.at("09:04").now)
    assert "alarm/idle_window/w1" in watch.watch(hall.id, hall.at("09:05").now)
    hall.next("w1")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    hall.issue()
    assert "alarm/idle_window/w1" not in watch.watch(hall.id, hall.at("09:06").now)


def test_notes_that_nobody_took_down_end_by_themselves(hall: Driver, office: Office) -> None:
    watch = AlarmWatch(hall.moves, hall.access, CaseLists(Cases(hall.moves, hall.secrets)))
    office.help(hall.caller(), hall.id, "w1")
    office.message(hall.caller(), hall.id, "w2", "hello")
    watch.watch(hall.id, hall.at("11:00").now)
    assert {"help/w1", "message/w2"} <= set(office.notes(hall.id))
    watch.watch(hall.id, hall.at("11:00:01").now)
    assert "help/w1" not in office.notes(hall.id)
    watch.watch(hall.id, hall.at("21:00:01").now)
    assert "message/w2" not in office.notes(hall.id)
    assert {"backup_answered", "message_read"} <= set(hall.kinds())
