"""Every address is asked well and badly by who may and who may not: no answer tells how we are made."""

from __future__ import annotations

import pytest

from tests.leaks import ROOT, told
from tests.web.conftest import Site
from tests.web.test_permissions import filled, routes

ODD = ("x", "%27%22%3E", "..%2F..%2Fetc%2Fpasswd", "%00", "9" * 400, "\u4e2d")
BODIES: tuple[object, ...] = ({}, {"services": 1}, [], "x", {"\u0000": {"a": [None]}})


def test_what_would_be_told_is_found() -> None:
    assert told('<p>Jinja</p><input name="x" value="x">') == ["Jinja"]
    assert told(f'File "{ROOT}/app.py", line 3') != []
    assert told("Traceback (most recent call last):") != []
    assert told("", {"Server": "gunicorn"}) == ["server: gunicorn"]
    assert told('{"code": "FORBIDDEN", "detail": "2.14"}', {"Date": "x"}) == []


def test_what_a_token_spells_by_chance_tells_nothing() -> None:
    assert told('<meta name="csrf-token" content="IjNJiNjA.aSv_Jg.jInjA">') == []
    assert told('<input type="hidden" name="csrf_token" value="x-JINJA-x"><b>x</b>') == []
    assert told('<input type="hidden" name="csrf_token" value="x" title="Jinja">') == ["Jinja"]


@pytest.mark.parametrize("who", ["nobody", "admin token", "manager token", "officer token"])
def test_no_answer_tells_how_we_are_made(site: Site, who: str) -> None:
    asker = site.as_(who)
    for n, route in enumerate(routes(site.app)):
        if route.path.startswith(("/static", "/api/docs", "/api/v1/openapi")) or "/static/" in route.path:
            continue  # what is shipped to be read
        odd = ODD[n % len(ODD)]
        path = filled(route.path, site)
        for name in ("<token>", "<code>", "<case>", "<visit>", "<name>", "<language>", "<clip>", "<device>", "<line>"):
            path = path.replace(name, odd)
        body = BODIES[n % len(BODIES)] if route.method in ("POST", "PATCH", "PUT") else None
        answer = asker.ask(route.method, f"{path}?from={odd}&date={odd}", body)
        assert answer.status_code < 500 or answer.status_code == 503, (route, answer.text[:300])
        assert told(answer.get_data().decode("utf-8", "replace"), dict(answer.headers)) == [], route
