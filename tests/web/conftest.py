"""The web application on a real store, and everybody who may ask it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from hall.archive.archive import Archive
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.limits import parse_limits
from hall.domain.permissions import DEVICES, ROLES
from hall.settings import Settings
from tests.cases.desk import parts
from tests.driver import ALWAYS, KEY, live_hall

PASSWORD = "a long enough password"
#: tests sign in often, and the machine that runs them is slow; test_doors.py measures the real one
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
Json = dict[str, Any]


@dataclass
class Site:
    """One hall, and how everybody asks for something there. `site.as_("manager").post("tickets", {…})`."""

    app: Flask
    sanban: Sanban
    id: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        self.sanban.halls.save(live_hall(self.id), Caller(by="setup"))

    @property
    def api(self) -> str:
        return f"/api/v1/halls/{self.id}"

    def token(self, role: str, *windows: str) -> str:
        return self.sanban.access.add_token(self.id, role, windows)

    def program(self, role: str, *windows: str) -> Asker:
        return Asker(self, self.app.test_client(), {"Authorization": f"Bearer {self.token(role, *windows)}"})

    def nobody(self) -> Asker:
        return Asker(self, self.app.test_client(), {})

    def device(self, kind: str) -> Asker:
        """A browser that was paired as a kiosk or a display."""
        asker = self.nobody()
        asker.submit(f"/pair/{self.sanban.access.pairing_code(self.id, kind)}", {})
        asker.headers = {"X-Device": kind, "X-CSRFToken": asker.csrf("/sign-in")}
        return asker

    def staff(self, role: str, name: str = "ann") -> Asker:
        """A browser in which a member of staff signed in."""
        self.sanban.access.set_staff(self.id, name, name, role, PASSWORD, "test")
        asker = self.nobody()
        assert asker.submit("/sign-in", {"hall": self.id, "name": name, "password": PASSWORD}).status_code == 302
        asker.headers = {"X-CSRFToken": asker.csrf("/sign-in")}
        return asker

    def as_(self, who: str) -> Asker:
        """By name: nobody, a role of staff, a kind of device, or `<role> token`."""
        if who == "nobody":
            return self.nobody()
        if who in DEVICES:
            return self.device(who)
        role, _, is_token = who.partition(" ")
        assert role in ROLES
        return self.program(role) if is_token else self.staff(role, f"the-{role}")

    def state(self) -> object:
        """Everything that a refused request must leave as it was."""
        seen = self.sanban.store.snapshot(self.id)
        return seen.as_of, seen.tickets, seen.windows, seen.calls

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.sanban.store.journal.after(self.id, "0-0")]


@dataclass
class Asker:
    """Somebody with a browser or a program."""

    site: Site
    client: FlaskClient
    headers: dict[str, str]

    def ask(self, method: str, path: str, body: object = None, **more: Any) -> TestResponse:
        """A path without a slash in front belongs to the hall's API."""
        address = path if path.startswith("/") else f"{self.site.api}/{path}"
        headers = {**self.headers, **more.pop("headers", {})}
        if not address.startswith("/api/"):
            headers.pop("X-Device", None)  # the scripts of a page say it; a page that loads does not
        if body is not None:
            more["json"] = body
        return self.client.open(address, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, body, **more)

    def issue(self, *services: str, **fields: Any) -> Json:
        answer = self.post("tickets", {"services": services or ["a1"], **fields})
        assert answer.status_code == 201, answer.text
        return json_of(answer)

    def csrf(self, page: str) -> str:
        text = self.client.get(page).text
        return text.split('name="csrf-token" content="')[1].split('"')[0]

    def submit(self, page: str, form: dict[str, str]) -> TestResponse:
        """Fill in a page's form, as a browser does."""
        return self.client.post(page, data={**form, "csrf_token": self.csrf(page)})


def json_of(answer: TestResponse) -> Json:
    body = answer.get_json()
    assert isinstance(body, dict), answer.text
    return body


def code_of(answer: TestResponse) -> str:
    """The code of a problem, whose shape is checked on the way."""
    body = json_of(answer)
    assert answer.content_type == "application/problem+json", answer.content_type
    assert body["status"] == answer.status_code
    assert body["type"] and body["title"] and body["detail"]
    return str(body["code"])


@pytest.fixture(scope="session")
def web(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Sanban]]:
    """One web process for all tests of this process."""
    sanban = build(settings(tmp_path_factory.mktemp("data"), store_url))
    sanban.access._hasher = CHEAP
    Archive(sanban.settings.archive, migrate=True).close()  # as whoever starts an installation does
    yield create_app(sanban), sanban


def settings(data_dir: Path, store_url: str, **changes: Any) -> Settings:
    """Without limits: tests ask faster than people. test_limits.py has them."""
    usual = {"data_dir": data_dir, "secret_key": KEY, "redis_url": store_url, "limits": parse_limits("off")}
    return Settings(**{**usual, **changes})


@pytest.fixture
def site(web: tuple[Flask, Sanban]) -> Site:
    """A hall of the test's own."""
    return Site(*web)


@pytest.fixture
def clerk(site: Site) -> Asker:
    return site.program("clerk")


@pytest.fixture
def manager(site: Site) -> Asker:
    return site.program("manager")


@pytest.fixture
def desk(site: Site) -> Site:
    """The hall with a case desk whose officers are always on duty."""
    always = {"officers": tuple(replace(one, hours=ALWAYS) for one in parts()["officers"])}
    site.sanban.halls.save(replace(live_hall(site.id), **{**parts(), **always}), Caller(by="setup"))
    return site
