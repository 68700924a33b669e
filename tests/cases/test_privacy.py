"""Nothing of what is kept of a case's person can be read in the store, the journal or the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from hall.domain.case_errors import UnknownPaper
from hall.domain.people import Person
from hall.services.visits import Action
from tests.cases.desk import Desk
from tests.services.people import OLD

NAME, PHONE, STREET, REASON = "欧阳秀英", "13987654321", "澳门路660弄12号", "cannot stand her neighbour"


def everything_in(desk: Desk) -> bytes:
    """Every key of the hall, whole, as the server keeps it, and every value as it reads."""
    found = []
    for key in desk.store.reads.scan_iter(f"*{desk.id}*"):
        found.append(str(key))
        match desk.store.reads.type(key):
            case "string":
                found.append(str(desk.store.reads.get(key)))
            case "hash":
                found.append(str(desk.store.reads.hgetall(key)))
            case "list":
                found.append(str(desk.store.reads.lrange(key, 0, -1)))
            case "set":
                found.append(str(desk.store.reads.smembers(key)))
            case "zset":
                found.append(str(desk.store.reads.zrange(key, 0, -1)))
            case "stream":
                found.append(str(desk.store.reads.xrange(key)))
            case other:
                raise AssertionError(other)
    return "\n".join(found).encode()


def lived(desk: Desk, name: str = NAME) -> None:
    """A case in which everything is said once, on the desk and on the doorstep."""
    person = Person(name, PHONE, OLD, f"{name}, grey coat")
    said = {"found": STREET, "address": STREET, "relative": f"her son, {PHONE}", "note": name}
    case = desk.at_home("papers", "legal", person=person, texts=said, key="k1")
    caller = desk.caller(key="k2")
    desk.cases.note(caller, desk.id, case["id"], f"{name} lives at {STREET}")
    desk.cases.authorise(desk.caller(), desk.id, case["id"], "signed", name)
    desk.cases.paper_in(desk.caller(), desk.id, case["id"], "id-card", note=OLD)
    desk.move(case, "1", "withdraw", reason=REASON)
    desk.cases.hand_over(desk.caller(), desk.id, case["id"], "c2", f"{name}: {REASON}")
    visit = desk.visit(case, "10:00")
    desk.visits.carry(desk.caller(), desk.id, visit["id"], "phone")
    waiting = Action(visit["id"], "note", desk.now, {}, f"{name} {STREET} {PHONE} {OLD}")
    desk.visits.act(desk.caller(key="k3"), desk.id, "phone", 3, waiting)
    refused = Action(visit["id"], "item", desk.now, {"item": "2", "do": "refuse"}, f"{name}: {REASON}")
    desk.visits.act(desk.caller(), desk.id, "phone", 1, refused._replace(move="leave"))
    desk.cases.reveal(desk.caller(), desk.id, case["id"])


def test_nothing_of_the_person_stands_in_the_store_or_the_journal(desk: Desk, tmp_path: Path) -> None:
    lived(desk)
    kept = everything_in(desk)
    (tmp_path / "dump").write_bytes(kept)
    assert b"case_noted" in kept, "the search looks where it should"
    for secret in (NAME, "秀英", PHONE, STREET, OLD, REASON, "grey coat"):
        assert secret.encode() not in kept, secret
        assert secret.encode("unicode_escape") not in kept, secret


def test_the_search_finds_what_is_there(desk: Desk) -> None:
    desk.open(community="k3")
    assert b"k3" in everything_in(desk)


def test_where_an_id_belongs_nothing_else_that_was_typed_is_kept(desk: Desk) -> None:
    case = desk.at_home()
    with pytest.raises(UnknownPaper):
        desk.cases.paper_in(desk.caller(), desk.id, case["id"], NAME)
    visit = desk.visit(case, "10:00")
    desk.visits.carry(desk.caller(), desk.id, visit["id"], "phone")
    wrong = [
        Action(NAME, "arrive", desk.now, {}),
        Action(visit["id"], NAME, desk.now, {}),
        Action(visit["id"], "arrive", desk.now, {}),
        Action(visit["id"], "item", desk.now, {"item": NAME, "do": "accept"}),
        Action(visit["id"], "item", desk.now, {"item": "1", "do": "accept", "outcome": NAME}),
        Action(visit["id"], "item", desk.now, {"item": "1", "do": NAME}),
        Action(visit["id"], "add", desk.now, {"items": [NAME]}),
        Action(visit["id"], "paper_in", desk.now, {"paper": NAME}),
        Action(visit["id"], "paper_back", desk.now, {"n": NAME}),
        Action(visit["id"], "authorise", desk.now, {"how": NAME}),
        Action(visit["id"], "leave", desk.now, {"outcome": NAME}),
    ]
    for sequence, action in enumerate(wrong, 1):
        desk.visits.act(desk.caller(), desk.id, "phone", sequence, action)
    assert len(desk.kept.conflicts(desk.id)) == 9
    assert desk.kept.visit(desk.id, visit["id"])["outcome"] == "other"
    assert NAME.encode() not in everything_in(desk)
