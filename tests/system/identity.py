"""A provider as its own process, and sign-in as the staff of one hall go it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from hall.bootstrap import Sanban, build
from hall.domain.openid import OpenId
from hall.store.embedded import EmbeddedServer
from tests.system.lies import CLIENT, SECRET
from tests.system.serving import ROOT, wait_for
from tests.web.conftest import CHEAP, PASSWORD, Site, settings


class Provider:
    """The running provider; somebody signs in there with their name."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.system.provider", str(self._port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        wait_for(self._answers, "the provider")
        for sub, name in (("s-1", "ann"), ("s-2", "boss"), ("s-3", "stranger")):
            self._ask("PUT", f"/users/{sub}", {"preferred_username": name, "name": f"{name} of the city"})

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def _answers(self) -> bool:
        try:
            return bool(self._ask("GET", "/asked") is not None)
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own provider
            f"{self.url}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310 - as above
            text = answer.read().decode()
        return json.loads(text) if text else ""

    def lie(self, what: str) -> None:
        assert self._ask("PUT", f"/lie/{what.replace(' ', '%20')}") == what

    def asked(self) -> list[str]:
        return list(self._ask("GET", "/asked"))

    def agree(self, address: str, sub: str, **form: str) -> str:
        """Somebody signs in at the provider; where it sends their browser back to (path and query)."""
        data = urlencode({"sub": sub, **form}).encode()
        request = urllib.request.Request(address, data)  # noqa: S310 - our own provider
        opener = urllib.request.build_opener(_Stay)
        with opener.open(request, timeout=15) as answer:
            there = urlsplit(answer.headers["Location"])
        return f"{there.path}?{there.query}"


class _Stay(urllib.request.HTTPRedirectHandler):
    """A browser would follow; the test looks."""

    def http_error_302(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return fp


@dataclass
class Way:
    """Sign-in as one hall's staff go it."""

    site: Site
    provider: Provider

    def browser(self) -> FlaskClient:
        return self.site.app.test_client()

    def begin(self, browser: FlaskClient) -> TestResponse:
        return browser.get(f"/sign-in/openid/to/{self.site.id}?lang=en")

    def go(self, sub: str = "s-1", browser: FlaskClient | None = None) -> tuple[FlaskClient, TestResponse]:
        browser = browser or self.browser()
        began = self.begin(browser)
        assert began.status_code == 302, began.text
        return browser, browser.get(self.provider.agree(began.location, sub))

    def told(self) -> list[dict[str, Any]]:
        kinds = ("signed_in", "sign_in_failed")
        entries = self.site.sanban.store.journal.after(self.site.id, "0-0")
        return [{"kind": entry.kind, **entry.facts} for entry in entries if entry.kind in kinds]


def application(provider: Provider, store: EmbeddedServer, directory: Path, **changes: Any) -> tuple[Flask, Sanban]:
    openid = OpenId(provider.url, CLIENT, SECRET, **changes)
    sanban = build(settings(directory, store.url, openid=openid, public_url="http://localhost"))
    sanban.access._hasher = CHEAP
    return create_app(sanban), sanban


def way_of(provider: Provider, app: Flask, sanban: Sanban) -> Way:
    """A hall of the test's own; what the provider said of itself is asked again."""
    app.extensions["openid"].server_metadata.clear()
    site = Site(app, sanban)
    sanban.access.set_staff(site.id, "ann", "Ann", "clerk", PASSWORD, "test")
    return Way(site, provider)


def may_serve(way: Way, browser: FlaskClient) -> bool:
    return browser.get(f"{way.site.api}/floor").status_code == 200


def said(answer: TestResponse) -> str:
    found = re.search(r'<p class="error" role="alert">(.*?)</p>', answer.text)
    return found[1] if found else ""
