"""A case from its opening to its end: who answers for it, what is due, which moves its items may make."""

from __future__ import annotations

import pytest

from hall.domain.case_errors import (
    AuthorisationMissing,
    CaseClosed,
    ItemMoveNotLegal,
    ItemsMissing,
    ItemsUnfinished,
    NextStepPast,
    PapersHere,
    SameOfficer,
    UnknownItem,
    UnknownPaper,
    UnknownRecipient,
    VisitAhead,
)
from hall.domain.cases import ITEM_MOVES, ItemState
from hall.domain.errors import ReasonMissing
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.store.keys import Keys
from tests.cases.desk import ITEMS, SOMEBODY, Desk


def test_a_case_needs_no_paper_no_phone_and_no_address(desk: Desk) -> None:
    case = desk.open(group="homeless", community="", person=Person(), texts={"found": "under the north bridge"})
    assert case["state"] == "open"
    assert case["owner"] == "c1"
    assert case["next_at"] == desk.now + 3 * 86_400_000


def test_a_bundle_adds_its_items_once(desk: Desk) -> None:
    case = desk.open(wanted=Wanted(("legal",), ("homeless",)))
    assert sorted(one["item"] for one in case["items"].values()) == sorted(ITEMS)
    again = desk.cases.add(desk.caller(), desk.id, case["id"], Wanted((), ("homeless",)))
    assert again["items"] == case["items"]


def test_a_case_without_items_or_for_somebody_it_is_not_for_is_refused(desk: Desk) -> None:
    with pytest.raises(ItemsMissing):
        desk.open(wanted=Wanted())
    with pytest.raises(UnknownItem):
        desk.open("nothing")
    with pytest.raises(UnknownRecipient):
        desk.open(group="veteran")
    assert desk.kept.open(desk.id) == []


def test_nothing_is_submitted_for_somebody_absent_before_they_authorised_it(desk: Desk) -> None:
    case = desk.open()
    desk.move(case, "1", "accept", "take")
    with pytest.raises(AuthorisationMissing):
        desk.move(case, "1", "submit")
    desk.cases.authorise(desk.caller(), desk.id, case["id"], "fingerprint", "before two officers")
    assert desk.move(case, "1", "submit")["items"]["1"]["state"] == "submitted"


def test_helping_somebody_who_is_present_needs_no_authorisation(desk: Desk) -> None:
    case = desk.open()
    item = desk.move(case, "1", "accept", "take", "submit", present=True)["items"]["1"]
    assert (item["state"], item["how"]) == ("submitted", "help")


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("move", ITEM_MOVES)
def test_every_move_of_an_item_is_the_tables(desk: Desk, state: ItemState, move: str) -> None:
    ways = {"opened": 0, "accepted": 1, "in_hand": 2, "submitted": 3, "decided": 4, "delivered": 5}
    case = desk.open()
    way = ("accept", "take", "submit", "decide", "deliver")[: ways.get(state, 0)]
    ends = {"refused": ("refuse",), "withdrawn": ("withdraw",)}.get(state, ())
    desk.move(case, "1", *way, *ends, present=True, reason="why")
    start, end = ITEM_MOVES[move]
    if state in start:
        assert desk.move(case, "1", move, present=True, reason="why")["items"]["1"]["state"] == end
    else:
        with pytest.raises(ItemMoveNotLegal):
            desk.move(case, "1", move, present=True, reason="why")
        assert desk.case(case)["items"]["1"]["state"] == state


def test_what_is_refused_or_withdrawn_says_why(desk: Desk) -> None:
    case = desk.open()
    with pytest.raises(ReasonMissing):
        desk.move(case, "1", "refuse")
    with pytest.raises(ReasonMissing):
        desk.cases.hand_over(desk.caller(), desk.id, case["id"], "c2", " ")


def test_a_case_is_handed_over_with_a_reason_to_somebody_else(desk: Desk) -> None:
    case = desk.open()
    with pytest.raises(SameOfficer):
        desk.cases.hand_over(desk.caller(), desk.id, case["id"], "c1", "why")
    handed = desk.cases.hand_over(desk.caller(), desk.id, case["id"], "n1", "she knows the family Zhang")
    assert handed["owner"] == "n1"
    assert "Zhang" not in str(desk.store.journal.raw_after(desk.id, "0-0"))
    _, texts = desk.cases.reveal(desk.caller(), desk.id, case["id"])
    assert "she knows the family Zhang" in texts.values()


def test_papers_are_handed_in_and_back_before_a_case_is_closed(desk: Desk) -> None:
    case = desk.open()
    caller = desk.caller()
    desk.cases.paper_in(caller, desk.id, case["id"], "id-card", note="number ends with 12")
    desk.move(case, "1", "withdraw", reason="does not want it")
    with pytest.raises(PapersHere):
        desk.cases.close(caller, desk.id, case["id"])
    desk.cases.paper_back(caller, desk.id, case["id"], "1")
    with pytest.raises(UnknownPaper):
        desk.cases.paper_back(caller, desk.id, case["id"], "1")
    closed = desk.cases.close(caller, desk.id, case["id"])
    assert closed["state"] == "closed"
    assert desk.kept.open(desk.id) == []
    with pytest.raises(CaseClosed):
        desk.cases.note(caller, desk.id, case["id"], "too late")


def test_a_case_with_unfinished_items_stays_open(desk: Desk) -> None:
    case = desk.open("papers", "legal")
    desk.move(case, "1", "withdraw", reason="why")
    with pytest.raises(ItemsUnfinished) as refused:
        desk.cases.close(desk.caller(), desk.id, case["id"])
    assert refused.value.facts == {"count": 1}


def test_a_next_step_lies_ahead_and_one_that_passed_is_an_alarm(desk: Desk) -> None:
    case, caller = desk.open(), desk.caller()
    with pytest.raises(NextStepPast):
        desk.cases.next_step(caller, desk.id, case["id"], desk.now, "call")
    desk.cases.next_step(caller, desk.id, case["id"], desk.ms("10:00"), "call")
    assert desk.lists.alarms(desk.id, desk.ms("09:59")) == []
    assert [alarm.kind for alarm in desk.lists.alarms(desk.id, desk.ms("10:00"))] == ["overdue"]


def test_urgent_relief_that_is_not_decided_in_its_hours_is_an_alarm(desk: Desk) -> None:
    case = desk.open("medical")
    late = desk.now + 4 * 3_600_000
    assert [alarm.kind for alarm in desk.lists.alarms(desk.id, late)] == ["relief"]
    desk.move(case, "1", "accept", "take", "submit", "decide", present=True)
    assert desk.lists.alarms(desk.id, late) == []


def test_the_same_request_again_opens_no_second_case(desk: Desk) -> None:
    one = desk.open(person=SOMEBODY, texts={"found": "station"}, key="k1")
    assert desk.open(person=SOMEBODY, texts={"found": "station"}, key="k1") == one
    assert len(desk.kept.open(desk.id)) == 1


def test_an_officer_is_suggested_by_community_skill_and_load_and_says_why(desk: Desk) -> None:
    first = desk.cases.suggest(desk.id, community="k2", items=["legal"])[0]
    assert (first.officer, first.community) == ("n2", True)
    by_skill = desk.cases.suggest(desk.id, community="", items=["legal"])[0]
    assert (by_skill.officer, by_skill.skills) == ("c2", ("legal",))
    desk.open()
    by_load = desk.cases.suggest(desk.id, community="", items=["papers"])[0]
    assert (by_load.officer, by_load.load) == ("c2", 0)


def test_somebody_who_is_away_is_suggested_last(desk: Desk) -> None:
    desk.visits.away(desk.caller(), desk.id, "n2", desk.now, desk.ms("23:00"))
    assert desk.cases.suggest(desk.id, community="k2", items=[], now=desk.now)[-1].officer == "n2"


def test_a_window_that_finished_the_matter_brings_the_item_all_the_way(desk: Desk) -> None:
    case = desk.open()
    done = desk.cases.item_served(desk.caller(), desk.id, case["id"], "1")
    assert done["items"]["1"]["state"] == "delivered"
    moved = [entry.facts["move"] for entry in desk.journal() if entry.kind == "case_item_moved"]
    assert moved == ["accept", "take", "submit", "decide", "deliver"]


def test_who_was_erased_leaves_a_case_without_a_word_of_them(desk: Desk) -> None:
    case = desk.open(person=SOMEBODY, texts={"found": "station"})
    desk.cases.people.erase(desk.caller(), desk.id, case["person"])
    person, texts = desk.cases.reveal(desk.caller(), desk.id, case["id"])
    assert (person, texts) == (Person(), {})


def test_the_journal_folds_to_the_cases_that_are_open(desk: Desk) -> None:
    from hall.domain.fold import Folded, fold

    one, two = desk.open("papers", "legal"), desk.at_home()
    desk.move(one, "1", "accept")
    desk.move(two, "1", "withdraw", reason="why")
    desk.cases.close(desk.caller(), desk.id, two["id"])
    folded = Folded()
    for entry in desk.journal():
        fold(folded, entry)
    assert folded.cases == {case["id"]: case for case in desk.kept.open(desk.id)}


def test_a_case_outlives_its_visit_and_can_be_closed(desk: Desk) -> None:
    case = desk.at_home()
    visit = desk.visit(case, "10:00")
    desk.move(case, "1", "withdraw", reason="why")
    with pytest.raises(VisitAhead):
        desk.cases.close(desk.caller(), desk.id, case["id"])
    desk.store.reads.delete(Keys(desk.id).of("visit", visit["id"]))
    assert desk.cases.close(desk.caller(), desk.id, case["id"])["state"] == "closed"
