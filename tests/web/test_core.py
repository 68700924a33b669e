"""The calls that other programs rely on: paths, statuses, bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app import create_app
from hall.bootstrap import build
from tests.web.conftest import Asker, Site, code_of, json_of


def test_a_number_is_taken(site: Site) -> None:
    kiosk = site.as_("kiosk")
    answer = kiosk.post("tickets", {"services": ["a1", "a2"], "language": "en"})
    body = json_of(answer)
    assert answer.status_code == 201
    token, issued_at = body.pop("token"), body.pop("issued_at")
    assert token.startswith(f"{site.id}.")
    assert isinstance(issued_at, int)
    assert body == {
        "number": "A001",
        "line": "a",
        "services": ["a1", "a2"],
        "state": "waiting",
        "ahead": 0,
        "wait": None,
        "url": None,
    }
    assert kiosk.issue("a1")["ahead"] == 1


def test_a_link_is_given_only_when_residents_can_reach_it(site: Site, web: Any) -> None:
    public = build(replace(site.sanban.settings, public_url="https://hall.example.org"))
    reachable = Site(create_app(public), public)
    ticket = reachable.program("clerk").issue()
    assert ticket["url"] == f"https://hall.example.org/t/{ticket['token']}"


def test_a_holder_looks_at_the_ticket(site: Site, clerk: Asker) -> None:
    clerk.issue()
    ticket = clerk.issue()
    seen = json_of(site.nobody().get(f"/api/v1/tickets/{ticket['token']}"))
    assert seen["number"] == "A002"
    assert (seen["state"], seen["ahead"], seen["window"], seen["more_time_left"]) == ("waiting", 1, None, 2)
    assert len(seen["why"]) == 2
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/call-next", {"finish": {"outcome": "done"}})
    called = json_of(site.nobody().get(f"/api/v1/tickets/{ticket['token']}"))
    assert (called["state"], called["ahead"], called["window"]) == ("called", None, "1")


def test_a_holder_gives_up_the_place(site: Site, clerk: Asker) -> None:
    token = clerk.issue()["token"]
    answer = site.nobody().ask("DELETE", f"/api/v1/tickets/{token}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert json_of(site.nobody().get(f"/api/v1/tickets/{token}"))["state"] == "cancelled"
    assert code_of(site.nobody().ask("DELETE", f"/api/v1/tickets/{token}")) == "MOVE_NOT_LEGAL"


def test_a_holder_asks_for_time_twice(site: Site, clerk: Asker) -> None:
    token = clerk.issue()["token"]
    left = [json_of(site.nobody().post(f"/api/v1/tickets/{token}/more-time"))["more_time_left"] for _ in range(2)]
    assert left == [1, 0]
    assert code_of(site.nobody().post(f"/api/v1/tickets/{token}/more-time")) == "MORE_TIME_USED_UP"


def test_a_holder_comes_back_after_a_missed_call(site: Site, clerk: Asker) -> None:
    token = clerk.issue()["token"]
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/miss")
    assert json_of(site.nobody().post(f"/api/v1/tickets/{token}/come-back"))["state"] == "waiting"


def test_a_number_is_called_or_nobody_waits(clerk: Asker) -> None:
    empty = clerk.post("windows/w1/call-next")
    assert (empty.status_code, empty.data) == (204, b"")
    clerk.issue()
    answer = clerk.post("windows/w1/call-next", {})
    assert answer.status_code == 200
    ticket = json_of(answer)
    assert (ticket["number"], ticket["state"], ticket["window"], ticket["rule"]) == ("A001", "called", "w1", "next")


def test_finish_and_next_is_one_step(site: Site, clerk: Asker) -> None:
    for _ in range(2):
        clerk.issue()
    clerk.post("windows/w1/call-next")
    second = json_of(clerk.post("windows/w1/call-next", {"finish": {"outcome": "papers_missing"}}))
    assert second["number"] == "A002"
    assert json_of(clerk.get("tickets/A001"))["outcome"] == "papers_missing"
    last = clerk.post("windows/w1/call-next", {"finish": {}})
    assert last.status_code == 204
    assert json_of(clerk.get("tickets/A002"))["state"] == "done"


#: move → (its body, the state it leaves the ticket in); each starts with a called ticket
AFTER_A_CALL: dict[str, tuple[dict[str, Any] | None, str]] = {
    "recall": (None, "called"),
    "start": (None, "serving"),
    "finish": ({"outcome": "done"}, "done"),
    "miss": (None, "missed"),
    "park": (None, "parked"),
    "return": (None, "waiting"),
    "transfer": ({"line": "b", "reason": "wrong line"}, "waiting"),
    "undo": (None, "waiting"),
}


@pytest.mark.parametrize("move", AFTER_A_CALL)
def test_a_move_at_a_window_answers_with_the_ticket(clerk: Asker, move: str) -> None:
    clerk.issue()
    clerk.post("windows/w1/call-next")
    body, state = AFTER_A_CALL[move]
    answer = clerk.post(f"windows/w1/{move}", body)
    assert (answer.status_code, json_of(answer)["state"]) == (200, state)
    assert json_of(clerk.get("tickets/A001"))["state"] == state


def test_a_parked_number_is_called_again(clerk: Asker) -> None:
    clerk.issue()
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/park")
    ticket = json_of(clerk.post("windows/w1/unpark", {"number": "A001"}))
    assert (ticket["state"], ticket["rule"]) == ("called", "unparked")


def test_a_claim_is_decided_at_the_window(clerk: Asker) -> None:
    clerk.issue("a1", claim="veteran")
    clerk.post("windows/w1/call-next")
    assert json_of(clerk.post("windows/w1/verify", {"confirmed": False}))["claim"] == "refused"
    assert code_of(clerk.post("windows/w1/verify", {"confirmed": True})) == "CLAIM_DECIDED"


def test_a_window_opens_pauses_resumes_and_closes(clerk: Asker) -> None:
    for move, state in (("open", "open"), ("pause", "paused"), ("resume", "open"), ("close", "closed")):
        answer = clerk.post(f"windows/w1/{move}")
        assert (answer.status_code, json_of(answer)["state"]) == (200, state)


def test_a_chosen_number_needs_the_right_and_a_reason(site: Site, clerk: Asker, manager: Asker) -> None:
    for _ in range(2):
        clerk.issue()
    wish = {"number": "A002", "reason": "has to catch a train"}
    assert code_of(clerk.post("windows/w1/call", wish)) == "FORBIDDEN"
    assert code_of(manager.post("windows/w1/call", {**wish, "reason": " "})) == "REASON_MISSING"
    assert json_of(manager.post("windows/w1/call", wish))["rule"] == "chosen"


def test_staff_edit_a_ticket_and_its_place_stays(clerk: Asker) -> None:
    clerk.issue()
    before = json_of(clerk.get("tickets/A001"))
    answer = clerk.post("tickets/A001/edit", {"note": "speaks softly", "language": "en"})
    assert answer.status_code == 200
    after = json_of(clerk.get("tickets/A001"))
    assert (after["note"], after["language"]) == ("speaks softly", "en")
    assert after["queue_time"] == before["queue_time"]


def test_a_note_is_not_put_over_one_that_was_not_read(clerk: Asker) -> None:
    clerk.issue()
    assert clerk.post("tickets/A001/edit", {"note": "deaf", "known_note": ""}).status_code == 200
    other = clerk.post("tickets/A001/edit", {"note": "speaks softly", "known_note": "", "language": "en"})
    assert (other.status_code, code_of(other), json_of(other)["facts"]) == (409, "NOTE_CHANGED", {"number": "A001"})
    kept = json_of(clerk.get("tickets/A001"))
    assert (kept["note"], kept["language"]) == ("deaf", "zh")
    assert clerk.post("tickets/A001/edit", {"note": "deaf, sits in front", "known_note": "deaf"}).status_code == 200
    assert clerk.post("tickets/A001/edit", {"note": ""}).status_code == 200


@pytest.mark.parametrize(("move", "state"), [("more-time", "waiting"), ("cancel", "cancelled")])
def test_staff_move_a_ticket_by_its_number(clerk: Asker, move: str, state: str) -> None:
    clerk.issue()
    assert json_of(clerk.post(f"tickets/A001/{move}"))["state"] == state


def test_the_board_is_true_for_one_moment_and_tells_nothing_of_anybody(site: Site, clerk: Asker) -> None:
    clerk.issue("a1", claim="veteran", id_number="11010519491231002X")
    clerk.issue("b1")
    clerk.post("tickets/A001/edit", {"note": "a secret note"})
    clerk.post("windows/w1/call-next")
    display = site.as_("display")
    answer = display.get("board")
    body = json_of(answer)
    assert set(body) == {"as_of", "epoch", "now", "tables", "counts"}
    assert body["as_of"] == site.sanban.store.journal.bounds(site.id)[1]
    assert body["counts"] == {"a": 0, "b": 1}
    row = next(iter(body["tables"]["current"].values()))
    assert set(row) == {"number", "window", "calls", "at"}
    assert (row["number"], row["window"]) == ("A001", "w1")
    for secret in ("veteran", "11010519491231002X", "secret note", "claim", "green", "person", "group", "queue_time"):
        assert secret not in answer.text


def test_a_display_says_that_it_showed_a_call(site: Site, clerk: Asker) -> None:
    clerk.issue()
    ticket = json_of(clerk.post("windows/w1/call-next"))
    answer = site.as_("display").post("shown", {"ticket": ticket["id"], "calls": 1})
    assert answer.status_code == 204
    assert json_of(clerk.get("tickets/A001"))["shown"] is True


def test_the_floor_shows_staff_windows_tickets_and_counts(clerk: Asker) -> None:
    clerk.issue()
    clerk.issue("b1")
    clerk.post("windows/w1/call-next")
    body = json_of(clerk.get("floor"))
    assert sorted(row["number"] for row in body["tables"]["tickets"].values()) == ["A001", "B001"]
    assert body["tables"]["windows"]["w1"]["state"] == "open"
    assert body["counts"] == {"a": 0, "b": 1}


def test_what_a_hall_offers_is_for_everybody(site: Site) -> None:
    body = json_of(site.nobody().get("services"))
    assert [service["id"] for service in body["services"]] == ["a1", "a2", "b1"]
    assert [window["id"] for window in body["windows"]] == ["w1", "w2", "w3", "p1"]


def test_what_comes_next_at_a_window(clerk: Asker) -> None:
    for _ in range(4):
        clerk.issue()
    assert json_of(clerk.get("windows/w1/upcoming"))["numbers"] == ["A001", "A002", "A003"]


@pytest.mark.parametrize("change", ["last letter", "other ticket", "other hall", "cut", "longer", "nothing"])
def test_a_token_that_we_did_not_make_opens_no_ticket(site: Site, clerk: Asker, change: str) -> None:
    token, other = clerk.issue()["token"], clerk.issue()["token"]
    hall_id, ticket_id, mac = token.split(".")
    wrong = {
        "last letter": f"{hall_id}.{ticket_id}.{mac[:-1]}{'A' if mac[-1] != 'A' else 'E'}",
        "other ticket": f"{hall_id}.{other.split('.')[1]}.{mac}",
        "other hall": f"t000000000000.{ticket_id}.{mac}",
        "cut": token[:-1],
        "longer": token + "A",
        "nothing": f"{hall_id}.{ticket_id}.",
    }[change]
    before = site.state()
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/more-time"), ("POST", "/come-back")):
        answer = site.nobody().ask(method, f"/api/v1/tickets/{wrong}{path}")
        assert (answer.status_code, code_of(answer)) == (404, "UNKNOWN_TICKET")
    assert site.state() == before


def test_tokens_are_not_alike(clerk: Asker) -> None:
    macs = {clerk.issue()["token"].split(".")[2] for _ in range(20)}
    assert len(macs) == 20
    assert all(len(mac) == 22 for mac in macs)  # 128 bits
