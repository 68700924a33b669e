"""Every route says who may call it, and nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask

from hall.domain.permissions import DEVICES, PERMISSIONS, ROLES
from hall.web.access import require_declared
from tests.web.conftest import Asker, Site, code_of

TOKENS = [f"{role} token" for role in ROLES]
EVERYBODY = ["nobody", *ROLES, *DEVICES, *TOKENS]


class Route(NamedTuple):
    method: str
    path: str
    permission: str | None


def routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, rule.rule, view.permission)


def filled(path: str, site: Site, window: str = "w1") -> str:
    places = {"hall": site.id, "window": window, "number": "A001", "path:filename": "x", "token": "x", "code": "x"}
    for name, value in places.items():
        path = path.replace(f"<{name}>", value)
    return path


def held(who: str) -> frozenset[str]:
    return DEVICES.get(who) or ROLES.get(who.removesuffix(" token"), frozenset())


def expected(route: Route, who: str) -> set[int]:
    """The statuses that say no; empty: this one may."""
    if route.permission is None or route.permission in held(who):
        return set()
    # A device is one only on its own page; elsewhere it is a browser nobody signed in with.
    if who == "nobody" or (who in DEVICES and not route.path.startswith(("/api/", f"/{who}/"))):
        return {401}
    return {403}


def test_a_route_without_a_declared_permission_stops_the_start() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="/open"):
        require_declared(app)


def test_every_declared_permission_is_one_of_the_table(site: Site) -> None:
    assert {route.permission for route in routes(site.app)} - {None} <= PERMISSIONS


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_do_what_is_the_table_of_permissions(site: Site, who: str) -> None:
    asker = site.as_(who)
    wrong = []
    for route in routes(site.app):
        if route.path in ("/sign-in", "/sign-out") or "<code>" in route.path:
            continue  # these are the door itself: test_sign_in.py
        status = asker.ask(route.method, filled(route.path, site)).status_code
        said_no = {status} & {401, 403}
        if said_no != expected(route, who):
            wrong.append((route, status))
    assert not wrong


def of_a_hall(app: Flask) -> list[Route]:
    return [route for route in routes(app) if "<hall>" in route.path and route.permission]


@pytest.mark.parametrize("who", ["admin", "admin token", "display"])
def test_rights_in_one_hall_are_none_in_another(web: Any, site: Site, who: str) -> None:
    asker, other = site.as_(who), Site(*web)
    for route in of_a_hall(site.app):
        answer = asker.ask(route.method, filled(route.path, other))
        assert (answer.status_code, code_of(answer)) == (403, "FORBIDDEN"), route
    assert other.kinds() == ["configured"]


def test_a_token_for_some_windows_does_nothing_at_the_others(site: Site) -> None:
    asker = site.program("manager", "w2")
    for route in of_a_hall(site.app):
        if "<window>" in route.path and route.permission in ROLES["manager"]:
            assert asker.ask(route.method, filled(route.path, site, "w1")).status_code == 403, route
            assert asker.ask(route.method, filled(route.path, site, "w2")).status_code != 403, route
    assert all(window == "w2" for window in site.sanban.store.snapshot(site.id).windows)


def test_a_token_that_was_revoked_opens_nothing(site: Site) -> None:
    asker = site.program("clerk")
    assert asker.get("board").status_code == 200
    token_id = next(iter(site.sanban.access.list_tokens(site.id)))
    site.sanban.access.revoke_token(site.id, token_id)
    assert asker.get("board").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer sanban.x.y.z",
        "Bearer sanban.{hall}.{id}.wrong",
        "Bearer sanban.{hall}..",
        "Basic YTpi",
        "bearer é",
    ],
)
def test_a_wrong_authorization_is_never_somebody(site: Site, header: str) -> None:
    site.token("admin")
    token_id = next(iter(site.sanban.access.list_tokens(site.id)))
    header = header.format(hall=site.id, id=token_id)
    answer = site.nobody().get("board", headers={"Authorization": header})
    assert (answer.status_code, code_of(answer)) == (401, "SIGN_IN_NEEDED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_made_up_halls_in_tokens_leave_nothing_behind(site: Site) -> None:
    before = len(site.sanban.access._records)
    for n in range(20):
        site.nobody().get("board", headers={"Authorization": f"Bearer sanban.made-up-{n}.x.y"})
    assert len(site.sanban.access._records) == before


def test_only_a_manager_passes_hours_by_a_reason(site: Site) -> None:
    wish = {"services": ["a1"], "override": "came on foot"}
    for who in ("clerk", "kiosk", "officer token"):
        assert code_of(site.as_(who).post("tickets", wish)) == "FORBIDDEN"
    assert site.as_("manager").post("tickets", wish).status_code == 201
    entry = site.sanban.store.journal.after(site.id, "0-0")[-1]
    assert (entry.kind, entry.facts["override"], entry.by) == ("issued", "came on foot", "staff:the-manager")


def test_looking_changes_nothing(site: Site, manager: Asker) -> None:
    ticket = manager.issue()
    before = site.state()
    for route in routes(site.app):
        if route.path == "/readyz":
            # nothing turns the pump beneath a test client
            site.app.extensions["live"].pump.turn()
        if route.method == "GET":
            path = route.path.replace("<token>", ticket["token"])
            assert manager.get(filled(path, site)).status_code < 500, route
    assert site.state() == before
