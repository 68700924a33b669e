"""Every route says who may call it, and nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask

from hall.domain.permissions import DEVICES, PERMISSIONS, ROLES
from hall.web.access import require_declared
from tests.web.conftest import PASSWORD, Asker, Site, code_of
from tests.web.test_live import Socket

TOKENS = [f"{role} token" for role in ROLES]
#: who has no right at all: nobody, who holds a ticket, and whose right was taken away
STRANGERS = ["nobody", "phone", "signed out", "removed staff", "new password", "removed kiosk", "revoked token"]
EVERYBODY = [*STRANGERS, *ROLES, *DEVICES, *TOKENS]


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


#: what ends the session of who asks it
DOOR = ("/sign-in", "/sign-out", "/account/sign-out-everywhere")


def one_of(site: Site, who: str) -> tuple[Asker, str]:
    """Somebody, and the token of their ticket if they have one."""
    access = site.sanban.access
    if who == "phone":
        return site.nobody(), site.program("clerk").issue()["token"]
    if who == "removed kiosk":
        asker = site.device("kiosk")
        for device in list(access.devices(site.id)):
            access.remove_device(site.id, device, "test")
        return asker, ""
    if who == "revoked token":
        asker = site.program("admin")
        for token in list(access.list_tokens(site.id)):
            access.revoke_token(site.id, token)
        return asker, ""
    if who not in STRANGERS or who == "nobody":
        return site.as_(who), ""
    access.set_staff(site.id, "boss", "boss", "admin", PASSWORD, "test")
    asker = site.staff("admin", "the-admin")
    cookie = asker.client.get_cookie("session")
    assert cookie is not None
    if who == "signed out":
        asker.submit("/sign-out", {})
    elif who == "removed staff":
        access.remove_staff(site.id, "the-admin", "test")
    else:
        access.set_password(site.id, "the-admin", "another long password", "test")
    asker.client.set_cookie("session", cookie.value)  # as a thief keeps it
    return asker, ""


def held(who: str) -> frozenset[str]:
    if who in STRANGERS:
        return frozenset()
    return DEVICES.get(who) or ROLES.get(who.removesuffix(" token"), frozenset())


def expected(route: Route, who: str) -> set[int]:
    """The statuses that say no; empty: this one may."""
    if route.path.startswith("/account"):  # everybody's who signed in
        return set() if who in ROLES else {401}
    if route.permission is None or route.permission in held(who):
        return set()
    # A device is one only on its own page; elsewhere it is a browser nobody signed in with.
    if who in STRANGERS or (who in DEVICES and not route.path.startswith(("/api/", f"/{who}/"))):
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
    wrong = []
    asker, token = one_of(site, who)
    for route in routes(site.app):
        if route.path in DOOR or "<code>" in route.path:
            continue  # these are the door itself: test_sign_in.py, test_doors.py
        path = filled(route.path.replace("<token>", token) if token else route.path, site)
        status = asker.ask(route.method, path).status_code
        said_no = {status} & {401, 403}
        if who == "revoked token" and route.permission is None:
            said_no = expected(route, who)  # some tell a program that its token is worthless, some do not ask
        if said_no != expected(route, who):
            wrong.append((route, status))
    assert not wrong


def of_a_hall(app: Flask) -> list[Route]:
    return [route for route in routes(app) if "<hall>" in route.path and route.permission]


@pytest.mark.parametrize("who", [*ROLES, *DEVICES, *TOKENS])
def test_rights_in_one_hall_are_none_in_another(web: Any, site: Site, who: str) -> None:
    asker, other = site.as_(who), Site(*web)
    for route in of_a_hall(site.app):
        answer = asker.ask(route.method, filled(route.path, other))
        assert (answer.status_code, code_of(answer)) == (403, "FORBIDDEN"), route
    assert other.kinds() == ["configured"]


def test_pages_and_answers_of_one_hall_show_nothing_of_another(web: Any, site: Site) -> None:
    """Two halls in one installation: an administrator of one opens everything, and meets nothing of the other."""
    other = Site(*web)
    marks = plant(other)
    theirs = other.as_("admin")
    own = b"".join(theirs.get(path).data for path in ("/office/people", "tickets/B001"))
    assert [mark for mark in marks if mark.encode() not in own and mark != other.id] == []  # it is there to be seen
    asker = site.as_("admin")
    asker.issue()
    for route in routes(site.app):
        if route.method != "GET" or (route.permission is None and "<hall>" not in route.path):
            continue
        seen = asker.get(filled(route.path, site)).data
        assert [mark for mark in marks if mark.encode() in seen] == [], route


def plant(other: Site) -> list[str]:
    """What would show that something of this hall was read: a note, a name, a label, ids of access, a reason."""
    manager = other.staff("admin", "planted-person")
    number = manager.issue("b1")["number"]
    manager.post(f"tickets/{number}/edit", {"note": "planted note"})
    other.sanban.access.add_token(other.id, "clerk", (), "planted label")
    code = other.sanban.access.pairing_code(other.id, "kiosk", "planted screen")
    other.nobody().submit(f"/pair/{code}", {})
    devices, tokens = other.sanban.access.devices(other.id), other.sanban.access.list_tokens(other.id)
    return ["planted", other.id, *devices, *tokens]


def test_a_code_of_one_hall_makes_nobody_in_another(web: Any, site: Site) -> None:
    other, access = Site(*web), site.sanban.access
    secret = access.pairing_code(site.id, "kiosk").partition(".")[2]
    assert site.nobody().client.get(f"/pair/{other.id}.{secret}").status_code == 410
    token = site.token("admin").split(".")
    stranger = site.nobody()
    stranger.headers = {"Authorization": f"Bearer sanban.{other.id}.{token[2]}.{token[3]}"}
    assert stranger.ask("GET", f"{other.api}/board").status_code == 401
    ticket = site.program("clerk").issue()["token"].split(".")
    assert site.nobody().get(f"/t/{other.id}.{ticket[1]}.{ticket[2]}").status_code == 404


# Sockets -------------------------------------------------------------------------------------


def test_every_event_of_a_socket_has_its_rule(site: Site) -> None:
    """A new event must be thought of here: `join` asks the audience's permission, `follow` a ticket's token."""
    handlers = site.app.extensions["socketio"].server.handlers
    assert {name: set(events) for name, events in handlers.items()} == {
        "/live": {"connect", "disconnect", "join", "follow", "*"}
    }
    assert {one.permission for one in site.app.extensions["live"].audiences.values()} <= PERMISSIONS


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_join_which_room_is_the_table_of_permissions(web: Any, site: Site, who: str) -> None:
    other = Site(*web)
    asker, token = one_of(site, who)
    bearer = asker.headers.get("Authorization", "").removeprefix("Bearer ")
    auth = {"token": bearer} if bearer else {"device": who} if who in DEVICES else None
    socket = Socket(site, auth, asker)
    try:
        for audience in site.app.extensions["live"].audiences.values():
            own, foreign = (socket.join(f"{one.id}/{audience.name}") for one in (site, other))
            refusal = "SIGN_IN_NEEDED" if who in STRANGERS else "FORBIDDEN"
            may = audience.permission in held(who)
            assert own.get("problem", {}).get("code") == (None if may else refusal), audience.name
            assert foreign["problem"]["code"] == refusal, audience.name
        followed = socket.emit("follow", {"token": token or f"{site.id}.0000000001.AAAAAAAAAAAAAAAAAAAAAA"})
        assert ("problem" in followed) == (not token)
    finally:
        socket.close()


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
