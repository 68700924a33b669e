"""What a person may ask for, and what goes by itself in the night."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall.__main__ import cli
from hall.domain.booking_errors import BadPhone, UnknownPerson
from hall.domain.notices import Notices
from hall.domain.office import Retention
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.services.cases import Cases, Opening
from hall.services.privacy import Privacy
from hall.store.keys import Keys
from hall.store.notices import NoticeStore
from hall.store.office import OfficeStore
from tests.booking import LI, BookableHall
from tests.cases.desk import Desk, parts
from tests.driver import DAY, KEY

FAR = "2027-08-24"


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def privacy(hall: BookableHall | Desk) -> Privacy:
    return Privacy(hall.moves, hall.secrets)


def sweep(hall: BookableHall | Desk, day: str, time: str = "03:00") -> dict[str, int]:
    return privacy(hall).sweep(hall.id, hall.at(time, day).now)


def keys_of(hall: BookableHall | Desk) -> set[str]:
    """The names of a hall's keys below its tag."""
    start = Keys(hall.id).hall
    return {str(key).removeprefix(f"{start}:") for key in hall.store.reads.scan_iter(f"{start}:*")}


# The night ---------------------------------------------------------------------------------------


def test_a_sweep_is_due_once_a_night(hall: BookableHall) -> None:
    service = privacy(hall)
    assert service.due(hall.id, hall.at("02:59", "2026-11-25").now) == DAY
    service.sweep(hall.id, hall.now)
    assert service.due(hall.id, hall.at("02:59:59", "2026-11-25").now) is None
    assert service.due(hall.id, hall.at("03:00", "2026-11-25").now) == "2026-11-25"
    service.sweep(hall.id, hall.now)
    assert service.due(hall.id, hall.at("23:59", "2026-11-25").now) is None
    assert hall.kinds().count("people_swept") == 2


def test_a_record_nobody_needs_any_more_goes_with_its_key(hall: BookableHall) -> None:
    hall.change(retention=Retention(people_days=100))
    person_id = hall.book("10:00", person=LI).image["person"]
    assert sweep(hall, "2027-03-03")["people"] == 0, "99 days after the appointment"
    assert hall.people.get(hall.id, person_id).name == "李小明"
    assert sweep(hall, "2027-03-06")["people"] == 1
    with pytest.raises(UnknownPerson):
        hall.people.get(hall.id, person_id)
    assert hall.people.find(hall.id, phone="+8613812345678") == {}
    erased = [entry for entry in hall.journal() if entry.kind == "person_erased"]
    assert [(entry.by, entry.facts) for entry in erased] == [("timer", {"person": person_id, "why": "retention"})]
    assert not any(person_id in key for key in keys_of(hall))


def test_who_comes_again_is_kept_from_then_on(hall: BookableHall) -> None:
    hall.change(retention=Retention(people_days=100))
    person_id = hall.book("10:00", person=LI).image["person"]
    hall.at("09:00", "2027-02-20").book("10:00", day="2027-02-24", person=LI)
    assert sweep(hall, "2027-03-06")["people"] == 0
    assert sweep(hall, "2027-06-05")["people"] == 1
    with pytest.raises(UnknownPerson):
        hall.people.get(hall.id, person_id)


def test_whose_appointment_is_far_away_is_kept(hall: BookableHall) -> None:
    hall.change(retention=Retention(people_days=1))
    person_id = hall.book("10:00", person=LI, day="2026-12-01").image["person"]
    assert sweep(hall, "2026-11-27")["people"] == 0
    assert hall.people.get(hall.id, person_id)


def test_a_record_of_a_version_before_counts_from_the_first_night_on(hall: BookableHall) -> None:
    person_id = hall.people.keep(hall.caller(), hall.id, LI)
    hall.store.moves.delete(Keys(hall.id).of("people"))
    assert sweep(hall, FAR)["people"] == 0
    assert hall.people.get(hall.id, person_id)
    assert sweep(hall, "2028-08-24")["people"] == 1


def test_appointments_go_after_their_days_even_if_the_days_became_fewer(hall: BookableHall) -> None:
    kept = hall.book("10:00", person=LI)
    assert sweep(hall, "2026-12-20")["appointments"] == 0
    hall.change(retention=Retention(appointment_days=10))
    assert sweep(hall, "2026-12-20")["appointments"] == 1
    left = keys_of(hall)
    assert not {f"appointment:{kept.image['id']}", f"booking:{kept.image['id']}", "agenda"} & left
    assert hall.people.find(hall.id, id_number=LI.id_number), "the record has days of its own"


def test_notices_go_after_their_days(hall: BookableHall) -> None:
    notice = {"notice": "called-1", "what": "called", "about": "ticket/1", "until": hall.now + 1, "at": hall.now}
    NoticeStore(hall.store).want(hall.id, {**notice, "keep": 400 * 86_400_000})
    assert {"notice:called-1", "noticed:ticket/1", "notices", "outbox"} <= keys_of(hall)
    assert sweep(hall, "2026-12-23")["notices"] == 0
    assert sweep(hall, "2026-12-26")["notices"] == 1
    assert not {"notice:called-1", "noticed:ticket/1", "notices", "outbox"} & keys_of(hall)


def test_a_closed_ticket_lives_as_long_as_the_hall_says(hall: BookableHall) -> None:
    hall.change(retention=Retention(ticket_days=1))
    number = hall.issue(id_number=LI.id_number)
    hall.next()
    hall.calls.finish(hall.caller(), hall.id, "w1")
    keys = Keys(hall.id)
    for name in ("ticket", "private"):
        life = hall.store.reads.pttl(keys.of(name, hall.ids[number]))
        assert 86_000_000 < int(str(life)) <= 86_400_000


def test_closed_cases_go_and_open_ones_stay_with_their_people(store_url: str) -> None:
    desk = Desk(store_url)
    desk.change(retention=Retention(people_days=1), cases=replace(desk.hall.cases, keep=5000))
    closed = desk.at_home(person=Person("王秀英"), texts={"found": "under the bridge"})
    desk.move(closed, "1", "withdraw", reason="she went away")
    desk.cases.close(desk.caller(), desk.id, closed["id"])
    kept = desk.open(person=Person("诸葛小红"), texts={"found": "at the station"})
    assert sweep(desk, FAR)["people"] == 0, "both have a case"
    desk.change(cases=replace(desk.hall.cases, keep=30))
    counts = sweep(desk, FAR)
    assert {name: counts[name] for name in ("cases", "people")} == {"cases": 1, "people": 1}
    left = keys_of(desk)
    assert not any(key.endswith(f":{closed['id']}") and key.startswith("case") for key in left)
    assert {f"case:{kept['id']}", f"case_texts:{kept['id']}", f"record:{kept['person']}"} <= left
    assert f"record:{closed['person']}" not in left


def test_visits_go_after_their_days(store_url: str) -> None:
    desk = Desk(store_url)
    desk.change(retention=Retention(visit_days=500))
    visit = desk.visit(desk.at_home(), "10:00")
    desk.change(retention=Retention(visit_days=30))
    assert sweep(desk, "2026-12-23")["visits"] == 0
    assert sweep(desk, "2026-12-26")["visits"] == 1
    assert not {f"visit:{visit['id']}", "visits", "officer_visits:c1", "officer_visits:n1"} & keys_of(desk)


def test_a_second_sweep_finds_nothing(hall: BookableHall) -> None:
    hall.book("10:00", person=LI)
    assert sum(sweep(hall, FAR).values()) == 2
    assert sum(sweep(hall, FAR).values()) == 0


def test_a_sweep_that_never_was_is_missed_from_the_first_look_on(hall: BookableHall) -> None:
    store = OfficeStore(hall.store)
    first = hall.now
    assert store.sweep_due_since(hall.id, first) == first
    assert store.sweep_due_since(hall.id, first + 5) == first
    assert store.swept(hall.id) is None
    sweep(hall, "2026-11-25")
    assert store.swept(hall.id) == hall.now


# Asked for ---------------------------------------------------------------------------------------


@pytest.fixture
def lived(store_url: str) -> tuple[BookableHall, str]:
    """A hall in which somebody left something of every kind."""
    hall = BookableHall(store_url, **parts(), notices=Notices(called_soon=True))
    person_id = hall.book("10:00", person=LI).image["person"]
    hall.cancel(hall.book("14:00", day="2026-11-26", person=LI))
    hall.at("09:00").check_in(None, "a1", id_number=LI.id_number)
    asked = Opening("assisted", "patrol", "elder", "c1", Wanted(("papers",)), LI, "k1", {"found": "under the bridge"})
    Cases(hall.moves, hall.secrets).open(hall.caller(), hall.id, asked)
    return hall, person_id


def test_all_that_is_kept_is_told_to_the_person(lived: tuple[BookableHall, str]) -> None:
    hall, person_id = lived
    about = privacy(hall).about(hall.caller("staff:root"), hall.id, person_id, "clear")
    assert about["person"]["id_number"] == LI.id_number
    assert sorted(one["state"] for one in about["appointments"]) == ["arrived", "cancelled"]
    assert [one["number"] for one in about["tickets"]] == ["A001"]
    assert list(about["cases"][0]["texts"].values()) == ["under the bridge"]
    assert about["appointments"][0]["slot"] == f"{DAY} 10:00"
    json.dumps(about)
    told = [(entry.by, entry.facts) for entry in hall.journal() if entry.kind == "person_shown"]
    assert told == [("staff:root", {"person": person_id, "how": "clear"})]


def test_it_is_masked_unless_it_is_for_the_person(lived: tuple[BookableHall, str]) -> None:
    hall, person_id = lived
    text = json.dumps(privacy(hall).about(hall.caller(), hall.id, person_id), ensure_ascii=False)
    for secret in (LI.id_number, "李小明", "12345678", "under the bridge"):
        assert secret not in text
    assert "李**" in text


def test_erasing_takes_what_cases_say_along(lived: tuple[BookableHall, str]) -> None:
    hall, person_id = lived
    privacy(hall).erase(hall.caller("staff:root"), hall.id, person_id)
    assert not any(key.startswith("case_texts") for key in keys_of(hall))
    assert not any(person_id in key for key in keys_of(hall))
    with pytest.raises(UnknownPerson):
        privacy(hall).about(hall.caller(), hall.id, person_id)


def test_somebody_is_found_by_number_or_phone_and_nothing_else(lived: tuple[BookableHall, str]) -> None:
    hall, person_id = lived
    for typed in (LI.id_number, LI.id_number.lower(), "138 1234 5678"):
        assert list(privacy(hall).find(hall.id, typed)) == [person_id]
    assert privacy(hall).find(hall.id, "13900001111") == {}
    with pytest.raises(BadPhone):
        privacy(hall).find(hall.id, "李小明")


# At the command line -----------------------------------------------------------------------------


@pytest.fixture
def run(
    lived: tuple[BookableHall, str], store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    monkeypatch.setenv("SANBAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SANBAN_REDIS_URL", store_url)
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())

    def ask(*words: str, typed: str = LI.id_number) -> str:
        done = CliRunner().invoke(cli, [*words, "--hall", lived[0].id], input=f"{typed}\n")
        assert done.exit_code == 0, done.output
        return done.output

    return ask


def test_the_command_asks_and_shows_masked_or_clear(lived: tuple[BookableHall, str], run: Callable[..., str]) -> None:
    masked, clear = run("person", "show"), run("person", "show", "--clear")
    assert LI.id_number not in masked
    assert "under the bridge" not in masked
    assert LI.id_number in clear
    assert "under the bridge" in clear
    how = [entry.facts["how"] for entry in lived[0].journal() if entry.kind == "person_shown"]
    assert how == ["masked", "clear"]
    assert "0 people" in run("person", "sweep")


def test_no_command_takes_a_person_as_an_argument(run: Callable[..., str]) -> None:
    for words in (("person", "show"), ("person", "erase")):
        done = CliRunner().invoke(cli, [*words, LI.id_number])
        assert done.exit_code == 2
        assert "unexpected extra argument" in done.output
