"""What cases become in the archive: one row a case, one a matter of it, and no word of anybody."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from hall.archive import schema
from hall.archive.archive import START, Archive
from hall.archive.tables import cursors
from hall.domain.known import Known
from hall.services.case_parts import Wanted
from hall.services.case_tickets import CaseTickets
from hall.services.visits import Action
from hall.store.cases import Image
from tests.archive.test_replay import copy
from tests.archive.tools import Rows, facts
from tests.cases.desk import SOMEBODY, Desk
from tests.driver import DAY

MINUTE = 60_000
ALL = ("accept", "take", "submit", "decide", "deliver")
Seen = Callable[[], Rows]


@pytest.fixture
def desk(store_url: str) -> Desk:
    return Desk(store_url)


@pytest.fixture
def seen(desk: Desk, archive: Archive) -> Seen:
    def look() -> Rows:
        copy(desk, archive)
        return facts(archive, desk.id)

    return look


def go(desk: Desk, visit: Image, met: bool = True) -> None:
    """The two officers are at the door and leave again, with a device of their own."""
    device = f"phone{visit['id']}"
    desk.visits.carry(desk.caller("staff:n1"), desk.id, visit["id"], device)
    for n, (move, said) in enumerate((("arrive", {}), ("leave", {"met": met, "outcome": "done"})), 1):
        desk.visits.act(desk.caller("staff:n1"), desk.id, device, n, Action(visit["id"], move, desk.now, said))


def test_a_case_is_one_row_from_its_opening_to_its_end(desk: Desk, seen: Seen) -> None:
    case = desk.at("09:00").open("papers", "legal", person=SOMEBODY)
    (row,) = seen()["cases"]
    opened = {"kind": "assisted", "source": "patrol", "group": "elder", "community": "k1", "owner": "c1"}
    assert {name: row[name] for name in opened} == opened
    assert (row["date"], row["hour"], row["state"], row["closed_at"]) == (DAY, 9, "open", None)
    assert (row["items"], row["person"]) == ("legal,papers", case["person"])
    desk.cases.authorise(desk.caller(), desk.id, case["id"], "signed")
    desk.at("09:30").move(case, "1", *ALL)
    desk.cases.move_item(desk.caller(), desk.id, case["id"], "2", "refuse", reason="not for us")
    desk.at("10:00").cases.close(desk.caller(), desk.id, case["id"])
    found = seen()
    (row,) = found["cases"]
    assert (row["state"], row["closed_at"] - row["opened_at"]) == ("closed", 60 * MINUTE)
    items = [(one["id"], one["item"], one["state"], one["outcome"]) for one in found["case_items"]]
    number = case["id"]
    assert items == [(f"{number}/1", "papers", "delivered", "granted"), (f"{number}/2", "legal", "refused", None)]
    assert [one["ended_at"] - one["opened_at"] for one in found["case_items"]] == [30 * MINUTE] * 2
    assert {(one["group"], one["community"], one["date"]) for one in found["case_items"]} == {("elder", "k1", DAY)}


def test_no_word_of_anybody_is_in_the_rows(desk: Desk, seen: Seen) -> None:
    desk.open(person=SOMEBODY, texts={"found": "behind the station", "note": "diabetic"})
    told = json.dumps([seen()["cases"], seen()["case_items"]], ensure_ascii=False)
    for word in (SOMEBODY.name, SOMEBODY.phone, SOMEBODY.description, "station", "diabetic"):
        assert word not in told


def test_numbers_in_the_hall_and_visits_are_counted(desk: Desk, seen: Seen) -> None:
    case = desk.at("09:00").at_home("papers", "legal")
    CaseTickets(desk.cases, desk.tickets).take_number(desk.caller(), desk.id, case["id"], ("1",))
    first = desk.visit(case, "10:00")
    go(desk.at("10:00"), first, met=False)
    second = desk.visit(case, "14:00")
    desk.visits.cancel(desk.caller(), desk.id, second["id"], desk.ms("15:00"), "ill")
    third = desk.visit(case, "15:00")
    go(desk.at("15:00"), third)
    (row,) = seen()["cases"]
    assert (row["numbers"], row["visits"], row["not_met"]) == (1, 1, 1)


def test_somebody_who_was_written_down_twice_is_one_person(desk: Desk, seen: Seen) -> None:
    one, other = desk.open(person=SOMEBODY), desk.open()
    again = desk.open("legal", person_id=other["person"])
    desk.cases.merge(desk.caller(), desk.id, other["id"], one["person"], "the same")
    desk.move(again, "1", "accept")
    found = seen()
    assert {row["person"] for row in (*found["cases"], *found["case_items"])} == {one["person"]}
    desk.cases.part(desk.caller(), desk.id, other["id"], "not the same")
    desk.move(again, "1", "take")
    assert [row["person"] for row in seen()["cases"]] == [one["person"], other["person"], other["person"]]


def test_what_was_opened_in_a_test_hall_stays_out(desk: Desk, seen: Seen) -> None:
    desk.change(test=True)
    case = desk.open()
    desk.change(test=False)
    desk.move(case, "1", "accept")
    desk.open()
    assert [row["test"] for row in seen()["cases"]] == [True, False]


def test_facts_made_anew_are_the_same_and_go_on_after_a_days_close(desk: Desk, seen: Seen, archive: Archive) -> None:
    case = desk.at("09:00").at_home("papers")
    go(desk.at("10:00"), desk.visit(case, "10:30"))
    desk.timers.close_day(desk.id, DAY, desk.at("23:59").now)
    again = desk.cases.add(desk.caller(), desk.id, case["id"], Wanted(("legal",)))
    kept = seen()
    assert (kept["cases"][0]["visits"], kept["cases"][0]["items"]) == (1, "legal,papers")
    assert len(kept["case_items"]) == len(again["items"]) == 2
    for _ in range(2):
        archive.project_again(desk.id)
        assert facts(archive, desk.id) == kept


def test_an_archive_whose_facts_are_of_an_older_version_gets_those_of_today(
    desk: Desk, seen: Seen, archive: Archive, open_archive: Callable[[], Archive]
) -> None:
    desk.open()
    kept = seen()
    with archive.engine.begin() as sql:
        for name in ("cases", "case_items"):
            sql.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - two names of ours
        sql.execute(update(cursors).values(facts=0))
    assert seen()["cases"] == []
    newer = open_archive()
    assert newer.catch_up(desk.id) == newer.count(desk.id)
    assert facts(newer, desk.id) == kept
    assert newer.catch_up(desk.id) == 0


def test_the_schema_goes_back_without_what_older_code_cannot_read_and_forward_to_the_same_facts(
    desk: Desk, seen: Seen, archive: Archive, open_archive: Callable[[], Archive]
) -> None:
    desk.at("09:00").open()
    desk.timers.close_day(desk.id, DAY, desk.at("23:59").now)
    kept = seen()
    assert archive.checkpoint(desk.id, archive.cursor(desk.id))[0] != START
    schema.migrate_to(archive.engine, "0002")
    assert archive.checkpoint(desk.id, archive.cursor(desk.id))[0] == START
    again = open_archive()
    again.catch_up(desk.id)
    assert facts(again, desk.id) == kept
    newer = {**again.known(desk.id, again.cursor(desk.id)).as_data(), "of_the_next_version": {}}
    assert "c1" in str(Known.from_data(newer).cases)
