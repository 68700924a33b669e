"""Bad input of every kind: the right problem, a text a person can act on, and nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hall.domain.errors import HallError
from hall.web.problems import PROBLEMS
from tests.web.conftest import Asker, Site, code_of, json_of

JSON = "application/json"
GOOD = {"services": ["a1"]}
DEEP = '{"services":' + "[" * 20_000 + "]" * 20_000 + "}"


def test_every_refusal_has_a_status_and_a_text() -> None:
    assert set(HallError.by_code) <= set(PROBLEMS)
    assert all(400 <= status < 600 for status, _ in PROBLEMS.values())


#: what is sent as the body → (status, code)
BODIES: dict[str, tuple[bytes, int, str]] = {
    "cut off": (b'{"services": ["a1"', 400, "BODY_NOT_JSON"),
    "not JSON": (b"services=a1", 400, "BODY_NOT_JSON"),
    "not a number": (b'{"services": NaN}', 400, "BODY_NOT_JSON"),
    "without end": (b'{"services": Infinity}', 400, "BODY_NOT_JSON"),
    "a key twice": (b'{"services": ["a1"], "services": ["b1"]}', 400, "BODY_NOT_JSON"),
    "not UTF-8": (b'{"services": ["\xff\xfe"]}', 400, "BODY_NOT_JSON"),
    "UTF-16": ('{"services": ["a1"]}'.encode("utf-16"), 400, "BODY_NOT_JSON"),
    "a mark in front": (b'\xef\xbb\xbf{"services": ["a1"]}', 400, "BODY_NOT_JSON"),
    "deep": (DEEP.encode(), 400, "BODY_NOT_JSON"),
    "deep, but not JSON": (b"[" * 60_000, 400, "BODY_NOT_JSON"),
    "an endless number": (b'{"services": ' + b"9" * 6000 + b"}", 400, "BODY_NOT_JSON"),
    "half a character": (b'{"services": ["\\ud800"]}', 422, "BAD_FIELDS"),
    "half a character as a key": (b'{"\\ud800": 1, "services": ["a1"]}', 422, "BAD_FIELDS"),
    "null": (b"null", 422, "BAD_FIELDS"),
    "a list": (b"[]", 422, "BAD_FIELDS"),
    "a text": (b'"a1"', 422, "BAD_FIELDS"),
    "JSON in a text": (b'"{\\"services\\": [\\"a1\\"]}"', 422, "BAD_FIELDS"),
    "a number": (b"1", 422, "BAD_FIELDS"),
    "true": (b"true", 422, "BAD_FIELDS"),
    "empty": (b"{}", 422, "BAD_FIELDS"),
    "no services": (b'{"services": []}', 422, "BAD_FIELDS"),
    "services as a text": (b'{"services": "a1"}', 422, "BAD_FIELDS"),
    "numbers as services": (b'{"services": [1, 1.5, true, null]}', 422, "BAD_FIELDS"),
    "too many services": (json.dumps({"services": ["a1"] * 11}).encode(), 422, "BAD_FIELDS"),
    "a long service": (json.dumps({"services": ["a" * 65]}).encode(), 422, "BAD_FIELDS"),
    "an unknown field": (b'{"services": ["a1"], "admin": true}', 422, "BAD_FIELDS"),
    "__proto__": (b'{"services": ["a1"], "__proto__": {}}', 422, "BAD_FIELDS"),
    "an unknown language": (b'{"services": ["a1"], "language": "fr"}', 422, "BAD_FIELDS"),
    "a long identity number": (json.dumps({**GOOD, "id_number": "1" * 41}).encode(), 422, "BAD_FIELDS"),
    "too large": (json.dumps({"services": ["a" * 70_000]}).encode(), 413, "BODY_TOO_LARGE"),
}


def refused(site: Site, answer: Any, status: int, code: str, before: object) -> None:
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert site.state() == before
    assert "issued" not in site.kinds()


@pytest.mark.parametrize("what", BODIES)
def test_a_wrong_body_is_refused(site: Site, what: str) -> None:
    asker, (data, status, code) = site.as_("kiosk"), BODIES[what]
    before = site.state()
    refused(site, asker.post("tickets", data=data, content_type=JSON), status, code, before)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "json", ""]
)
def test_another_content_type_is_refused(site: Site, clerk: Asker, kind: str) -> None:
    before = site.state()
    answer = clerk.post("tickets", data=json.dumps(GOOD).encode(), content_type=kind)
    refused(site, answer, 415, "BAD_CONTENT_TYPE", before)


def test_json_with_a_charset_is_json(clerk: Asker) -> None:
    answer = clerk.post("tickets", data=json.dumps(GOOD), content_type="application/json; charset=utf-8")
    assert answer.status_code == 201


WISHES: dict[str, tuple[dict[str, Any], int, str]] = {
    "an unknown service": ({"services": ["zzz"]}, 422, "UNKNOWN_SERVICE"),
    "a service of markup": ({"services": ["<script>"]}, 422, "UNKNOWN_SERVICE"),
    "a service of control characters": ({"services": ["a1\u0000"]}, 422, "UNKNOWN_SERVICE"),
    "services of two lines": ({"services": ["a1", "b1"]}, 422, "SERVICES_MIXED"),
    "an unknown group": ({**GOOD, "claim": "rich"}, 422, "UNKNOWN_GROUP"),
    "an unknown appointment": ({**GOOD, "appointment": "X-1"}, 404, "UNKNOWN_APPOINTMENT"),
    "a phone number": ({**GOOD, "phone": "13800000000"}, 422, "NOTICES_OFF"),
    "a wrong check digit": ({**GOOD, "id_number": "110105194912310021"}, 422, "BAD_IDENTITY_NUMBER"),
    "a short identity number": ({**GOOD, "id_number": "1101051949123"}, 422, "BAD_IDENTITY_NUMBER"),
    "an identity number of letters": ({**GOOD, "id_number": "abcdefghijklmnopqr"}, 422, "BAD_IDENTITY_NUMBER"),
    "an identity number not yet born": ({**GOOD, "id_number": "110105209912310022"}, 422, "BAD_IDENTITY_NUMBER"),
    "a made-up slip": ({**GOOD, "slip": "t.0000000001.AAAAAAAAAAAAAAAAAAAAAA"}, 404, "UNKNOWN_TICKET"),
    "markup as a reason": ({**GOOD, "override": "<b>now</b>"}, 422, "TEXT_NOT_PLAIN"),
    "control characters as a reason": ({**GOOD, "override": "a\u0007b"}, 422, "TEXT_NOT_PLAIN"),
    "a turned text as a reason": ({**GOOD, "override": "abc\u202edef"}, 422, "TEXT_NOT_PLAIN"),
}


@pytest.mark.parametrize("what", WISHES)
def test_a_wrong_wish_is_refused(site: Site, manager: Asker, what: str) -> None:
    body, status, code = WISHES[what]
    before = site.state()
    refused(site, manager.post("tickets", body), status, code, before)


MOVES: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "an unknown window": ("windows/zzz/call-next", {}, 404, "UNKNOWN_WINDOW"),
    "an unknown move": ("windows/w1/promote", {}, 404, "NOT_FOUND"),
    "an unknown number": ("windows/w1/call", {"number": "Z999", "reason": "why"}, 404, "UNKNOWN_TICKET"),
    "an unknown number, edited": ("tickets/Z999/edit", {"note": "x"}, 404, "UNKNOWN_TICKET"),
    "an unknown number, cancelled": ("tickets/%00/cancel", {}, 404, "UNKNOWN_TICKET"),
    "a long number": ("tickets/AAAAAAAAAAAAA/cancel", {}, 422, "BAD_FIELDS"),
    "an unknown outcome": ("windows/w1/call-next", {"finish": {"outcome": "won"}}, 422, "UNKNOWN_OUTCOME"),
    "nothing to finish": ("windows/w1/finish", {}, 409, "WINDOW_EMPTY"),
    "nothing to take back": ("windows/w1/undo", {}, 409, "NOTHING_TO_UNDO"),
    "no target": ("windows/w1/transfer", {"reason": "why", "number": "A001"}, 422, "TARGET_MISSING"),
    "two targets": ("windows/w1/transfer", {"reason": "w", "line": "b", "window": "w2"}, 422, "TARGET_MISSING"),
    "no reason": ("windows/w1/transfer", {"line": "b"}, 422, "BAD_FIELDS"),
    "an empty reason": ("windows/w1/call", {"number": "A001", "reason": " "}, 422, "REASON_MISSING"),
    "an unknown line": ("windows/w1/transfer", {"reason": "w", "number": "A001", "line": "z"}, 422, "UNKNOWN_LINE"),
    "a text as yes or no": ("windows/w1/verify", {"confirmed": "yes"}, 422, "BAD_FIELDS"),
    "markup as a note": ("tickets/A001/edit", {"note": "<img src=x>"}, 422, "TEXT_NOT_PLAIN"),
    "markup as a pause": ("windows/w1/pause", {"reason": "<i>tea"}, 422, "TEXT_NOT_PLAIN"),
    "an open claim of nobody": ("windows/w1/verify", {"confirmed": True, "number": "A001"}, 409, "CLAIM_DECIDED"),
}


@pytest.mark.parametrize("what", MOVES)
def test_a_wrong_move_is_refused(site: Site, manager: Asker, what: str) -> None:
    manager.issue()
    path, body, status, code = MOVES[what]
    before = site.state()
    answer = manager.post(path, body)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert site.state() == before


@pytest.mark.parametrize("path", ["/api/v1/halls/nowhere/services", "/api/v1/halls/%00/services"])
def test_an_unknown_hall_is_not_found(site: Site, path: str) -> None:
    assert code_of(site.nobody().get(path)) == "UNKNOWN_HALL"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v1/halls/x/y/z/%ff%fe", "/api/v1/../../etc/passwd"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_unknown_address_is_not_found_whatever_is_sent(site: Site, method: str, path: str) -> None:
    answer = site.nobody().ask(method, path, data=b"{", content_type="text/plain")
    assert (answer.status_code, code_of(answer)) == (404, "NOT_FOUND")


def test_a_wrong_method_says_which_are_right(clerk: Asker) -> None:
    answer = clerk.ask("PUT", "tickets", {})
    assert (answer.status_code, code_of(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]


def test_wrong_fields_are_named_and_never_repeated(clerk: Asker) -> None:
    body = json_of(clerk.post("tickets", {"services": ["a1"], "id_number": 11010519491231002, "x": "secret"}))
    assert [one["field"] for one in body["fields"]] == ["id_number", "x"]
    assert all(one["problem"] for one in body["fields"])
    assert "secret" not in json.dumps(body)
    assert "11010519491231002" not in json.dumps(body)


@pytest.mark.parametrize("code", [*BODIES, *WISHES])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_refusal_says_what_to_do_in_the_language_asked_for(manager: Asker, language: str, code: str) -> None:
    sent: dict[str, Any] = {"data": BODIES[code][0], "content_type": JSON} if code in BODIES else {}
    body = None if sent else WISHES[code][0]
    answer = manager.post("tickets", body, headers={"Accept-Language": language}, **sent)
    detail = json_of(answer)["detail"]
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in detail)
    assert chinese == (language == "zh-CN"), detail
    assert len(detail) > 5
    assert "%(" not in detail


def test_facts_fill_the_text(clerk: Asker) -> None:
    for _ in range(2):
        clerk.issue()
    clerk.post("windows/w1/call-next")
    body = json_of(clerk.post("windows/w1/call-next", headers={"Accept-Language": "en"}))
    assert body["code"] == "WINDOW_BUSY"
    assert body["facts"] == {"window": "w1", "number": "A001"}
    assert "A001" in body["detail"]


def test_a_page_tells_people_what_is_wrong_in_their_language(site: Site) -> None:
    for language, words in (("en", "Sign in"), ("zh-CN", "登录")):
        answer = site.nobody().get("/console/", headers={"Accept-Language": language})
        assert answer.status_code == 401
        assert answer.content_type.startswith("text/html")
        assert words in answer.text
    gone = site.nobody().get("/t/wrong", headers={"Accept-Language": "en"})
    assert (gone.status_code, gone.content_type.split(";")[0]) == (404, "text/html")
    assert "There is no such ticket today" in gone.text


@pytest.mark.parametrize("query", ["inches=-1", "inches=nan", "inches=x", "metres=1e9", "metres=inf"])
def test_a_screen_of_no_size_is_refused_on_a_page(site: Site, query: str) -> None:
    answer = site.as_("display").get(f"/display/?{query}")
    assert (answer.status_code, answer.content_type.split(";")[0]) == (422, "text/html")


def test_an_error_of_ours_is_told_without_a_trace(site: Site, clerk: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("hall.services.board.counts", broken)
    answer = clerk.get("board")
    assert (answer.status_code, code_of(answer)) == (500, "INTERNAL")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
