"""A request that is sent again with its key is answered again, and happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.web.conftest import Asker, Site, code_of, json_of

WISH = {"services": ["a1"]}


def keyed(key: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


def test_the_same_key_gives_the_same_answer(site: Site, clerk: Asker) -> None:
    first = clerk.post("tickets", WISH, **keyed("k-1"))
    clerk.issue()
    again = clerk.post("tickets", WISH, **keyed("k-1"))
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert site.kinds().count("issued") == 2


def test_the_order_of_the_fields_does_not_matter(clerk: Asker) -> None:
    one = clerk.post("tickets", {"services": ["a1"], "language": "en"}, **keyed("k"))
    other = clerk.post("tickets", {"language": "en", "services": ["a1"]}, **keyed("k"))
    assert one.get_json() == other.get_json()


def test_another_request_with_a_used_key_is_refused(site: Site, clerk: Asker) -> None:
    clerk.post("tickets", WISH, **keyed("k"))
    before = site.state()
    for path, body in (("tickets", {"services": ["a2"]}), ("windows/w1/call-next", {}), ("windows/w1/open", {})):
        answer = clerk.post(path, body, **keyed("k"))
        assert (answer.status_code, code_of(answer)) == (422, "KEY_REUSED")
    assert site.state() == before


def test_a_key_belongs_to_who_sent_it(site: Site, clerk: Asker, manager: Asker) -> None:
    numbers = [json_of(who.post("tickets", WISH, **keyed("k")))["number"] for who in (clerk, manager)]
    assert numbers == ["A001", "A002"]


def test_nobody_waits_is_remembered_too(site: Site, clerk: Asker) -> None:
    assert clerk.post("windows/w1/call-next", **keyed("k")).status_code == 204
    clerk.issue()
    assert clerk.post("windows/w1/call-next", **keyed("k")).status_code == 204
    assert "called" not in site.kinds()


def test_a_refusal_is_not_remembered(clerk: Asker) -> None:
    assert code_of(clerk.post("windows/w1/start", **keyed("k"))) == "WINDOW_EMPTY"
    clerk.issue()
    clerk.post("windows/w1/call-next")
    assert clerk.post("windows/w1/start", **keyed("k")).status_code == 200


#: a move and its body; every one starts with a called ticket and a waiting one
REPEATED: list[tuple[str, Any]] = [
    ("windows/w1/call-next", {"finish": {"outcome": "done"}}),
    ("windows/w1/recall", None),
    ("windows/w1/start", None),
    ("windows/w1/finish", {"outcome": "done"}),
    ("windows/w1/miss", None),
    ("windows/w1/park", None),
    ("windows/w1/return", None),
    ("windows/w1/undo", None),
    ("windows/w1/transfer", {"line": "b", "reason": "wrong line"}),
    ("windows/w1/verify", {"confirmed": True}),
    ("windows/w2/call", {"number": "A002", "reason": "train"}),
    ("windows/w2/open", {}),
    ("windows/w1/pause", {"reason": "tea"}),
    ("tickets/A002/cancel", None),
    ("tickets/A002/more-time", None),
    ("tickets/A002/edit", {"note": "n"}),
]


@pytest.mark.parametrize(("path", "body"), REPEATED, ids=[path for path, _ in REPEATED])
def test_every_move_happens_once(site: Site, manager: Asker, path: str, body: Any) -> None:
    manager.issue("a1", claim="veteran")
    manager.issue("a1")
    manager.post("windows/w1/call-next")
    first = manager.post(path, body, **keyed("k"))
    assert first.status_code == 200, first.text
    before = site.state()
    again = manager.post(path, body, **keyed("k"))
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert site.state() == before


def test_a_holder_repeats_without_paying_twice(site: Site, clerk: Asker) -> None:
    path = f"/api/v1/tickets/{clerk.issue()['token']}"
    nobody = site.nobody()
    answers = [nobody.post(f"{path}/more-time", **keyed("k")).get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["more_time_left"] == 1
    assert [nobody.ask("DELETE", path, **keyed("d")).status_code for _ in range(2)] == [204, 204]


def test_of_many_at_once_with_one_key_one_happens(site: Site) -> None:
    token = site.token("clerk")

    def ask(_: int) -> Any:
        asker = Asker(site, site.app.test_client(), {"Authorization": f"Bearer {token}"})
        return asker.post("tickets", WISH, **keyed("same")).get_json()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert all(answer == answers[0] for answer in answers)
    assert site.kinds().count("issued") == 1


@pytest.mark.parametrize(
    "key", ["", " ", "a" * 65, "a" * 8000, "with space", "umlaut-\xfc", "tab\t", "中".encode().decode("latin1")]
)
def test_a_key_that_is_none_is_refused(site: Site, clerk: Asker, key: str) -> None:
    before = site.state()
    answer = clerk.post("tickets", WISH, **keyed(key))
    assert (answer.status_code, code_of(answer)) == (422, "BAD_REQUEST_KEY")
    assert site.state() == before
