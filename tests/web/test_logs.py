"""No log tells of anybody: every address is asked with a person's data wherever it may stand, then every one of them
fails with that data in its hands, and the logs are searched."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from hall import logs
from hall.domain.masking import HIDDEN, mask, mask_fault, mask_text
from hall.domain.people import Person
from hall.web.access import allow
from tests.booking import id_number
from tests.web.conftest import Site
from tests.web.test_permissions import Route, routes

NAME, PHONE, NUMBER, MAIL = "欧阳秀英", "13987654321", id_number("19430607"), "xiuying@example.org"
STREET = "澳门路660弄12号"
PERSON = {"name": NAME, "phone": PHONE, "id_number": NUMBER, "email": MAIL, "description": STREET}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What our own logs and those of the libraries say, as a process writes it."""
    stream = io.StringIO()
    factory, root = logging.getLogRecordFactory(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    logs.configure("test")
    structlog.configure(
        processors=logs.processors(),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    logging.setLogRecordFactory(factory)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def secrets_of(site: Site) -> dict[str, str]:
    """Everything that must be in no log, by what it is."""
    ticket = site.sanban.secrets.ticket_token(site.id, "0000000001")
    return {
        "name": NAME,
        "phone": PHONE,
        "identity number": NUMBER,
        "mail": MAIL,
        "street": STREET,
        "ticket": ticket.rpartition(".")[2],
        "program": site.token("clerk").rpartition(".")[2],
        "pairing": site.sanban.access.pairing_code(site.id, "kiosk").rpartition(".")[2],
    }


def found(text: str, secrets: dict[str, str]) -> set[str]:
    plain = text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
    return {what for what, secret in secrets.items() if secret in text or secret in plain}


def filled(route: Route, site: Site, secret: str) -> str:
    path = route.path.replace("<hall>", site.id).replace("<path:filename>", secret)
    while "<" in path:
        start, _, rest = path.partition("<")
        path = start + secret + rest.partition(">")[2]
    return path


def body(secrets: dict[str, str]) -> dict[str, Any]:
    fields = {
        "services": ["a1"],
        "person": PERSON,
        "reason": NAME,
        "note": STREET,
        "text": NAME,
        "code": secrets["pairing"],
    }
    return {**PERSON, **fields, "password": f"{NAME} {PHONE}", "appointment": PHONE, "items": [NAME]}


def test_what_people_type_at_any_address_is_in_no_log(site: Site, log: io.StringIO) -> None:
    secrets = secrets_of(site)
    ticket = site.sanban.secrets.ticket_token(site.id, "0000000001")
    for who in ("nobody", "kiosk", "admin"):
        asker = site.as_(who)
        for route in routes(site.app):
            if route.path == "/sign-out":
                continue
            if route.path == "/readyz":
                site.app.extensions["live"].pump.turn()  # nothing turns it beneath a test client
            for secret in (NUMBER, ticket):
                path = f"{filled(route, site, secret)}?q={NAME}&phone={PHONE}"
                assert asker.ask(route.method, path, body(secrets)).status_code < 500, route
            asker.client.open(filled(route, site, NAME), method=route.method, data={**PERSON, "csrf_token": "x"})
    assert found(log.getvalue(), secrets) == set()


def test_an_error_with_a_person_in_its_hands_tells_where_and_not_who(site: Site, log: io.StringIO) -> None:
    secrets = secrets_of(site)
    ticket = site.sanban.secrets.ticket_token(site.id, "0000000001")
    token = site.token("clerk")
    secrets["program"] = token.rpartition(".")[2]

    def failing(permission: str | None) -> Any:
        def fail(**_: object) -> None:
            address = f"https://hall.example/t/{ticket}?n={NUMBER}"
            logging.getLogger("a.library").warning("cannot send to %s: %s", PHONE, address)
            raise LookupError(f"{Person(**PERSON)!r} of {NAME}, {NUMBER}, {PHONE}, {MAIL}, {ticket}, {token}")

        return allow(permission)(fail)

    views: dict[str, Any] = dict(site.app.view_functions)
    asker, asked = site.program("admin"), 0
    try:
        for endpoint, view in views.items():
            site.app.view_functions[endpoint] = failing(view.permission)
        for route in routes(site.app):
            status = asker.ask(route.method, filled(route, site, NUMBER), body(secrets)).status_code
            asked += status == 500
    finally:
        site.app.view_functions.update(views)
    text = log.getvalue()
    assert asked > 100
    assert text.count("internal error") == asked
    assert "in fail" in text and "LookupError" in text and "cannot send to ***" in text
    assert found(text, secrets) == set()


def test_the_search_finds_what_is_there(site: Site) -> None:
    secrets = secrets_of(site)
    assert found(f"{NAME} and {PHONE}", secrets) == {"name", "phone"}
    assert found('{"event": "\\u6b27\\u9633\\u79c0\\u82f1"}', secrets) == {"name"}


# The processor itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"card {NUMBER.lower()}, read",
        "310107 19600101 0021",
        "110105491231002",
        PHONE,
        "+86 139 8765 4321",
        "139-8765-4321",
        "021-62345678",
        "+4915112345678",
        MAIL,
        "sanban.hall.0a1b2c3d.abcDEF-_123",
        "t1.0000000012.ABCDEFGHIJKLMNOPQRSTUV",
        "/pair/t1.ABCDEFGHIJKLMNOPQRSTUV",
        "GET /t/whatever-it-is HTTP/1.1",
        "https://user:hunter2@host/x",
        "/book/t1/person?name=Castle",
        "Authorization: Bearer abc.def",
    ],
)
def test_what_tells_of_somebody_is_masked(text: str) -> None:
    masked = mask_text(text)
    assert HIDDEN in masked
    for part in ("8765", "4321", "1960", "1943", "abcDEF", "STUV", "hunter2", "Castle", "whatever", "def", "xiuying"):
        assert part not in masked


@pytest.mark.parametrize(
    "text",
    [
        "1764059645123-0",
        "0000000012",
        "t0a1b2c3d4e5f-sweep-2026-11-25",
        "2026-11-25T10:00:00.123456Z",
        "5f1d7a84db5a1bbd20a1f6a1e7a0a54ee1bdbe8d0e66f7bb1d5a0a4a4f0a1b2c",
        "changshou",
        "alarm/waiting/a",
        "A001",
        "/work/hall/services/people.py",
    ],
)
def test_what_tells_of_nobody_stays(text: str) -> None:
    assert mask_text(text) == text


def test_fields_are_hidden_by_name_however_deep_and_other_objects_by_what_they_say() -> None:
    event = {"hall": "x", "count": 3, "deep": [{"name": "Castle", "row": {"phone": "1", "ok": True}}]}
    assert mask(event) == {"hall": "x", "count": 3, "deep": [{"name": HIDDEN, "row": {"phone": HIDDEN, "ok": True}}]}
    assert "Castle" not in mask(Person("Castle"))


def test_what_an_exception_quotes_is_hidden() -> None:
    assert mask_fault("KeyError: 'Castle'") == "KeyError: '***'"
    assert NAME not in mask_fault(f"no such person: {NAME}")


def test_a_greenlet_that_fails_is_told_in_the_log() -> None:
    """In a process of its own, as the web server is one: a hub is a thread's for ever."""
    code = "import gevent; from hall import logs; logs.configure('web'); logs.mask_greenlets(); "
    code += f"gevent.spawn(lambda: {{}}['{NAME} with {PHONE}']).join()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert '"event": "greenlet failed"' in done.stderr
    assert "KeyError" in done.stderr
    assert NAME not in done.stderr
    assert PHONE not in done.stderr


def test_a_refused_right_is_logged_with_who_and_what(site: Site, log: io.StringIO) -> None:
    clerk = site.program("clerk")
    name = next(iter(site.sanban.access.list_tokens(site.id)))
    for _ in range(5):
        assert clerk.get("reports/waiting").status_code == 403
    assert site.nobody().get("floor").status_code == 401
    told = [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == "refused"]
    (refused,) = [line for line in told if line["hall"] == site.id]
    assert (refused["who"], refused["status"]) == (f"program:{name}", 403)
    assert refused["route"] == "/api/v1/halls/<hall>/reports/<name>"
