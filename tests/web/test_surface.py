"""What every answer carries, health, and the description of the API."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app import create_app
from hall.bootstrap import build
from hall.domain.callers import Caller
from hall.store.embedded import EmbeddedServer
from tests.driver import live_hall
from tests.web.conftest import Asker, Site, code_of, json_of, settings
from tests.web.test_permissions import routes

SAFE = "https://localhost"


def test_pages_run_nothing_but_our_own_scripts(site: Site) -> None:
    for path in ("/", "/sign-in", "/healthz", "/api/v1/openapi.json", "/api/v1/nothing", "/console/"):
        headers = site.nobody().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "object-src" not in policy  # none, by default-src
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers
        assert "Server" not in headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_no_page_asks_the_internet_for_anything(site: Site, clerk: Asker) -> None:
    token = clerk.issue()["token"]
    asked = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""")
    for who, path in (("nobody", "/"), ("kiosk", "/kiosk/"), ("display", "/display/"), ("clerk", "/console/")):
        assert not asked.search(site.as_(who).get(path).text), path
    assert not asked.search(site.nobody().get(f"/t/{token}").text)


def test_cookies_are_for_the_server_alone(site: Site) -> None:
    answer = site.nobody().submit(f"/pair/{site.sanban.access.pairing_code(site.id, 'kiosk')}", {})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_go_over_https_alone_when_the_hall_is_reached_by_it(web: Any, site: Site, tmp_path: Path) -> None:
    url = site.sanban.settings.redis_url
    safe = build(settings(tmp_path, str(url), public_url="https://hall.example.org"))
    here = Site(create_app(safe), safe)
    assert here.app.config["SESSION_COOKIE_SECURE"]
    page = here.app.test_client().get("/sign-in", base_url="https://localhost")
    assert "Secure" in page.headers["Set-Cookie"]
    assert page.headers["Set-Cookie"].startswith("__Host-session=")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    browser = here.app.test_client()
    link = f"/pair/{here.sanban.access.pairing_code(here.id, 'kiosk')}"
    csrf = browser.get(link, base_url=SAFE).text.split('csrf-token" content="')[1].split('"')[0]
    paired = browser.post(link, base_url=SAFE, data={"csrf_token": csrf}).headers.getlist("Set-Cookie")
    (cookie,) = [one for one in paired if "sanban_kiosk" in one]
    assert cookie.startswith("__Host-sanban_kiosk=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert browser.get("/kiosk/", base_url=SAFE).status_code == 200


def test_an_installation_with_a_name_answers_to_no_other(web: Any, site: Site, tmp_path: Path) -> None:
    url = site.sanban.settings.redis_url
    named = create_app(build(settings(tmp_path, str(url), public_url="https://hall.example.org")))
    for host, status in (("hall.example.org", 200), ("127.0.0.1:8000", 200), ("evil.example", 400), ("", 400)):
        answer = named.test_client().get("/", headers={"Host": host})
        assert answer.status_code == status, host
        assert "evil" not in answer.text


def test_nothing_of_a_foreign_address_is_followed(site: Site, clerk: Asker) -> None:
    """Open redirects: no page sends anybody elsewhere, whatever is asked."""
    token = clerk.issue()["token"]
    for away in ("//evil.example", "https://evil.example", "/\\evil.example", "%2F%2Fevil.example"):
        for path in ("/sign-in", "/book", f"/t/{token}", "/"):
            for name in ("next", "url", "return", "lang"):
                answer = site.nobody().get(f"{path}?{name}={away}")
                assert urlsplit(answer.headers.get("Location", "")).netloc in ("", "localhost")
        answer = site.nobody().client.get(f"/{away}")
        assert urlsplit(answer.headers.get("Location", "")).netloc in ("", "localhost"), away


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static//etc/passwd",
        "/kiosk/static/..%5c..%5capp.py",
        "/api/docs/swagger/..%2f..%2f__init__.py",
        "/static/css/base.css%00.png",
        "/static/....//....//app.py",
    ],
)
def test_no_path_leads_out_of_the_shipped_files(site: Site, path: str) -> None:
    answer = site.nobody().client.get(path, follow_redirects=True)
    assert answer.status_code in (400, 404)
    assert "import" not in answer.text
    assert str(Path(__file__).parents[2]) not in answer.text


def test_the_page_of_the_api_runs_its_own_script_alone(site: Site) -> None:
    answer = site.nobody().get("/api/docs/swagger")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2


def test_a_request_has_a_name(site: Site) -> None:
    given = site.nobody().get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"]
    made = [
        site.nobody().get("/healthz", headers={"X-Request-ID": wrong}).headers["X-Request-ID"]
        for wrong in ("", "a b", "<x>")
    ]
    assert given == "abc-1"
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in made)


def test_health_and_readiness(site: Site) -> None:
    site.app.extensions["live"].pump.turn()
    assert json_of(site.nobody().get("/healthz")) == {"status": "ok"}
    assert json_of(site.nobody().get("/readyz")) == {"status": "ready"}


def test_without_the_store_nothing_is_ready_and_everybody_is_told(
    durable_server: EmbeddedServer, tmp_path: Path
) -> None:
    sanban = build(settings(tmp_path, durable_server.url))
    site = Site(create_app(sanban), sanban)
    clerk = site.program("clerk")
    clerk.issue()
    durable_server.stop()
    assert site.nobody().get("/healthz").status_code == 200
    for answer in (
        site.nobody().get("/readyz"),
        clerk.post("tickets", {"services": ["a1"]}),
        clerk.post("windows/w1/call-next"),
        clerk.get("board"),
        clerk.get("floor"),
    ):
        assert (answer.status_code, code_of(answer)) == (503, "STORE_AWAY")
        assert answer.headers["Retry-After"] == "2"
    durable_server.start()
    site.app.extensions["live"].pump.turn()
    assert site.nobody().get("/readyz").status_code == 200
    assert clerk.issue()["number"] == "A002"


def test_a_pump_that_hangs_is_not_ready(site: Site) -> None:
    pump = site.app.extensions["live"].pump
    turned, pump._turned = pump._turned, -100.0
    try:
        assert site.nobody().get("/readyz").status_code == 503
    finally:
        pump._turned = turned


def described(app: Flask) -> dict[str, Any]:
    return json_of(app.test_client().get("/api/v1/openapi.json"))


def test_the_description_lists_every_route_of_the_api(site: Site) -> None:
    paths = described(site.app)["paths"]
    for route in routes(site.app):
        if not route.path.startswith("/api/v1/") or route.path == "/api/v1/openapi.json":
            continue
        path = route.path.replace("<", "{").replace(">", "}")
        operation = paths[path][route.method.lower()]
        assert operation["summary"], route
        assert (operation.get("security") == [{"token": []}]) == (route.permission is not None), route
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert success, route
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert list(answer["content"]) == ["application/problem+json"], (route, status)


def test_every_reference_of_the_description_leads_somewhere(site: Site) -> None:
    document = described(site.app)
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                place: Any = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    place = place[part]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)


def test_people_read_the_description_too(site: Site) -> None:
    nobody = site.nobody()
    answer = nobody.client.get("/api/docs", follow_redirects=True)
    assert answer.status_code == 200
    assert "text/html" in answer.content_type
    assert "//cdn" not in answer.text


def test_the_api_is_described_for_the_operator_who_added_a_hall_later(site: Site, web: tuple[Flask, Any]) -> None:
    later = live_hall(f"{site.id}b")
    site.sanban.halls.save(later, Caller(by="setup"))
    assert json_of(site.nobody().get(f"/api/v1/halls/{later.id}/services"))["id"] == later.id
