"""Somebody without papers who is identified later: merged by decision, parted again, erased as one person."""

from __future__ import annotations

import pytest

from hall.domain.booking_errors import UnknownPerson
from hall.domain.case_errors import SamePerson
from hall.domain.errors import ReasonMissing
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.store.people import PeopleStore
from tests.cases.desk import Desk
from tests.services.people import OLD

WANG = Person("王秀英", "+8613812345678", OLD)


def known(desk: Desk) -> str:
    return desk.cases.people.keep(desk.caller(), desk.id, WANG)


def found(desk: Desk) -> list[str]:
    return [one.case["id"] for one in desk.lists.of_card(desk.id, OLD)]


def test_what_is_known_of_both_is_read_as_one_and_can_be_taken_back(desk: Desk) -> None:
    into, case = known(desk), desk.open(person=Person(description="grey coat"), texts={"found": "under the bridge"})
    assert found(desk) == []
    desk.cases.merge(desk.caller(), desk.id, case["id"], into, "the card was in the coat")
    person, texts = desk.cases.reveal(desk.caller(), desk.id, case["id"])
    assert (person.name, person.id_number, person.description) == (WANG.name, OLD, "grey coat")
    assert {"under the bridge", "the card was in the coat"} <= set(texts.values())
    assert found(desk) == [case["id"]]
    desk.cases.part(desk.caller(), desk.id, case["id"], "it was her sister")
    person, texts = desk.cases.reveal(desk.caller(), desk.id, case["id"])
    assert person == Person(description="grey coat")
    assert "under the bridge" in texts.values()
    assert found(desk) == []
    assert desk.cases.people.get(desk.id, into) == WANG


def test_an_identity_number_that_is_known_is_decided_on_by_somebody(desk: Desk) -> None:
    into, case = known(desk), desk.open(person=Person())
    with pytest.raises(SamePerson):
        desk.cases.identify(desk.caller(), desk.id, case["id"], WANG)
    assert desk.cases.people.get(desk.id, case["person"]) == Person()
    desk.cases.merge(desk.caller(), desk.id, case["id"], into, "same face")
    desk.cases.identify(desk.caller(), desk.id, case["id"], WANG)


def test_a_number_that_nobody_has_is_written_down(desk: Desk) -> None:
    case = desk.open(person=Person(description="grey coat"))
    desk.cases.identify(desk.caller(), desk.id, case["id"], WANG)
    assert desk.cases.people.get(desk.id, case["person"]).id_number == OLD
    assert found(desk) == [case["id"]]


def test_nobody_is_merged_with_themselves_in_a_circle_or_without_a_reason(desk: Desk) -> None:
    one, two = desk.open(person=Person()), desk.open(person=Person())
    with pytest.raises(ReasonMissing):
        desk.cases.merge(desk.caller(), desk.id, one["id"], two["person"], " ")
    with pytest.raises(SamePerson):
        desk.cases.merge(desk.caller(), desk.id, one["id"], one["person"], "why")
    with pytest.raises(UnknownPerson):
        desk.cases.merge(desk.caller(), desk.id, one["id"], "nobody", "why")
    with pytest.raises(UnknownPerson):
        desk.cases.part(desk.caller(), desk.id, one["id"], "why")
    desk.cases.merge(desk.caller(), desk.id, one["id"], two["person"], "why")
    with pytest.raises(SamePerson):
        desk.cases.merge(desk.caller(), desk.id, two["id"], one["person"], "why")


@pytest.mark.parametrize("asked_of", ["the first record", "the later one"])
def test_who_asks_to_be_forgotten_is_forgotten_in_both_records(desk: Desk, asked_of: str) -> None:
    into, case = known(desk), desk.open(person=Person(description="grey coat"), texts={"found": "station"})
    desk.cases.merge(desk.caller(), desk.id, case["id"], into, "same face")
    person = into if asked_of == "the first record" else case["person"]
    desk.cases.people.erase(desk.caller(), desk.id, person)
    assert PeopleStore(desk.store).read(desk.id, [into, case["person"]]) == {}
    assert PeopleStore(desk.store).same(desk.id) == {}
    assert desk.cases.reveal(desk.caller(), desk.id, case["id"]) == (Person(), {})


def test_the_sweep_keeps_a_record_while_somebody_merged_with_it_has_a_case(desk: Desk) -> None:
    into, case = known(desk), desk.open(person=Person())
    people, later = PeopleStore(desk.store), desk.now + 10 * 365 * 86_400_000
    desk.cases.merge(desk.caller(), desk.id, case["id"], into, "same face")
    people.erase_unneeded(desk.id, desk.caller(), into, later)
    assert set(people.read(desk.id, [into])) == {into}
    desk.cases.part(desk.caller(), desk.id, case["id"], "her sister")
    people.erase_unneeded(desk.id, desk.caller(), into, later)
    assert people.read(desk.id, [into]) == {}


def test_two_records_of_one_person_are_one_person_helped(desk: Desk) -> None:
    into = known(desk)
    cases = [desk.open(person=person, wanted=Wanted(("papers",))) for person in (WANG, Person())]
    for case in cases:
        desk.cases.item_served(desk.caller(), desk.id, case["id"], "1")
    assert desk.lists.results(desk.id, 0, desk.now + 1)[""].people == 2
    desk.cases.merge(desk.caller(), desk.id, cases[1]["id"], into, "same face")
    assert desk.lists.results(desk.id, 0, desk.now + 1)[""].people == 1
