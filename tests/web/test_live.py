"""The socket: joining, catching up, heartbeats, rights, and what strangers send."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis.exceptions import RedisError

from app import create_app
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.services.calls import Target
from hall.store.embedded import EmbeddedServer
from hall.store.keys import Keys
from hall.web import live as live_module
from hall.web import pump as pump_module
from hall.web.live import Live, Message
from hall.web.pump import NAMESPACE, SHARES
from tests.driver import live_hall
from tests.web.conftest import Asker, Json, Site, json_of, settings
from tests.web.page import Page


class Socket:
    """A page's socket. `asker` brings the cookies of a browser, `auth` what the page says of itself."""

    def __init__(self, site: Site, auth: object = None, asker: Asker | None = None) -> None:
        self.live: Live = site.app.extensions["live"]
        client = asker.client if asker else None
        # A token just made is told as a change of rights, which would end the socket.
        with site.app.app_context():
            self.live.pump.turn()
        self.client = self.live.socketio.test_client(site.app, namespace=NAMESPACE, auth=auth, flask_test_client=client)

    def emit(self, *what: object) -> Json:
        return dict(self.client.emit(*what, namespace=NAMESPACE, callback=True))

    def join(self, room: object, **position: object) -> Json:
        return self.emit("join", {"room": room, **position})

    def received(self, name: str = "message") -> list[Json]:
        got = [one for one in self.client.get_received(NAMESPACE) if one["name"] == name]
        return [one["args"] if isinstance(one["args"], dict) else one["args"][0] for one in got]

    @property
    def connected(self) -> bool:
        return bool(self.client.is_connected(NAMESPACE))

    def close(self) -> None:
        if self.connected:
            self.client.disconnect(NAMESPACE)


@pytest.fixture
def sockets() -> Iterator[Callable[..., Socket]]:
    opened: list[Socket] = []

    def make(*arguments: Any, **more: Any) -> Socket:
        opened.append(Socket(*arguments, **more))
        return opened[-1]

    yield make
    for socket in opened:
        socket.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn of the pump in a test waits for nobody."""
    monkeypatch.setattr(pump_module, "_BLOCK_MS", 10)


@pytest.fixture
def turn(site: Site) -> Callable[[], None]:
    """One turn of the pump, which follows the hall from now on."""
    return starter(site)


def starter(site: Site) -> Callable[[], None]:
    pump = site.app.extensions["live"].pump

    def turn() -> None:
        with site.app.app_context():
            pump.turn()

    beat(site, turn)
    return turn


def beat(site: Site, turn: Callable[[], None]) -> None:
    """Every hall's turn to be beaten for, once."""
    pump = site.app.extensions["live"].pump
    with site.app.app_context():
        for _ in range(SHARES):
            pump._beat_at = 0.0
            pump._beat_if_due()
    turn()


def problem(answer: Json) -> str:
    assert answer["problem"]["detail"]
    return str(answer["problem"]["code"])


# Joining and catching up ---------------------------------------------------------------------


def test_who_joins_gets_a_snapshot_and_who_comes_back_the_messages_missed(
    site: Site, clerk: Asker, sockets: Callable[..., Socket]
) -> None:
    clerk.issue()
    token = {"token": site.token("clerk")}
    room = f"{site.id}/board"
    first = sockets(site, token).join(room)
    assert first["snapshot"]["counts"] == {"a": 1, "b": 0}
    assert first["messages"] == []
    for _ in range(2):
        clerk.issue()
        clerk.post("windows/w1/call-next", {"finish": {}} if json_of(clerk.get("floor"))["tables"]["windows"] else {})
    again = sockets(site, token).join(room, since=first["as_of"], epoch=first["epoch"])
    assert again["snapshot"] is None
    assert again["as_of"] == site.sanban.store.journal.bounds(site.id)[1]
    fresh = sockets(site, token).join(room)
    assert Page().snapshot(first).answer(again).seen() == Page().snapshot(fresh).seen()
    rings = [put[2]["number"] for message in again["messages"] for put in message.get("put", []) if put[0] == "recent"]
    assert rings == ["A001", "A002"]


@pytest.mark.parametrize(
    "position",
    [
        {"since": "1-1"},
        {"since": "99999999999999-0"},
        {"since": "x-y"},
        {"since": "1_0-0"},
        {"since": " 1-0"},
        {"since": "٣-٣"},
        {"since": "99999999999999999999999-1"},
        {"since": {"a": 1}},
        {"since": 5},
        {"since": "-"},
        {"epoch": "another"},
        {"epoch": None},
        {"epoch": ["x"]},
    ],
)
def test_a_position_nobody_knows_gets_a_snapshot(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], position: dict[str, object]
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    first = socket.join(f"{site.id}/board")
    clerk.issue()
    answer = socket.join(f"{site.id}/board", **{"since": first["as_of"], "epoch": first["epoch"], **position})
    assert answer["snapshot"]["counts"] == {"a": 1, "b": 0}


def test_who_was_away_too_long_gets_a_snapshot(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "CATCH_UP", 3)
    socket = sockets(site, {"token": site.token("clerk")})
    first = socket.join(f"{site.id}/board")
    for n in range(1, 5):
        clerk.issue()
        answer = socket.join(f"{site.id}/board", since=first["as_of"], epoch=first["epoch"])
        assert (answer["snapshot"] is None) == (n <= 3)


# The pump ------------------------------------------------------------------------------------


def test_a_call_reaches_its_room_and_no_other(
    site: Site, web: Any, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    other = Site(*web)
    board, floor = (sockets(site, {"token": site.token("clerk")}) for _ in range(2))
    elsewhere = sockets(other, {"token": other.token("clerk")})
    board.join(f"{site.id}/board")
    floor.join(f"{site.id}/floor")
    elsewhere.join(f"{other.id}/board")
    clerk.issue("a1", claim="veteran")
    clerk.post("windows/w1/call-next")
    turn()
    heard = board.received()
    assert {message["room"] for message in heard} == {f"{site.id}/board"}
    assert [put[0] for message in heard for put in message.get("put", [])] == ["current", "recent"]
    assert "veteran" not in json.dumps(heard)
    assert "veteran" in json.dumps(floor.received())
    assert elsewhere.received() == []


def test_two_calls_in_the_same_millisecond_both_arrive_in_order(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    for window in ("w1", "w2"):
        clerk.issue()
        clerk.post(f"windows/{window}/call-next")
    turn()
    bodies = [body for _, body in site.sanban.store.journal.raw_after(site.id, "0-0") if '"kind":"called"' in body]
    socket = sockets(site, {"token": site.token("clerk")})
    first = socket.join(f"{site.id}/board")
    # Within a script the clock stands still: both entries get the same millisecond.
    both = "redis.call('XADD', KEYS[1], '*', 'e', ARGV[1]); return redis.call('XADD', KEYS[1], '*', 'e', ARGV[2])"
    last = site.sanban.store.moves.eval(both, 1, Keys(site.id).of("journal"), *bodies)
    turn()
    heard = [message for message in socket.received() if "put" in message]
    assert [message["put"][0][2]["number"] for message in heard] == ["A001", "A002"]
    assert len({message["id"].split("-")[0] for message in heard}) == 1
    assert heard[-1]["id"] == last
    missed = socket.join(f"{site.id}/board", since=first["as_of"], epoch=first["epoch"])["messages"]
    assert [message["id"] for message in missed] == [message["id"] for message in heard]


def test_a_ticket_hears_that_others_of_its_queue_moved(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    first, mine, third = (clerk.issue("a1") for _ in range(3))
    page = sockets(site)
    assert page.emit("follow", {"token": mine["token"]})["now"]

    def hears(what: Callable[[], object]) -> int:
        what()
        turn()
        return len(page.received("moved"))

    def send(number: str, target: Target) -> None:
        site.sanban.calls.transfer(Caller(by="staff:ann"), site.id, "w1", target, "test", number)

    hears(lambda: None)
    assert hears(lambda: clerk.issue("a1")) == 0  # comes last: nobody else's place changes
    assert hears(lambda: clerk.issue("a1", claim="veteran")) == 1
    assert hears(lambda: clerk.issue("b1", claim="veteran")) == 0
    assert hears(lambda: clerk.post("windows/w3/call-next")) == 1
    assert hears(lambda: clerk.post("windows/w3/start")) == 0
    assert hears(lambda: send(third["number"], Target(line="b"))) == 1  # somebody leaves for another line
    # The page is where its ticket is: in another line, with one window alone, called, waiting again.
    hears(lambda: send(mine["number"], Target(line="b")))
    assert hears(lambda: clerk.issue("a1", claim="veteran")) == 0
    assert hears(lambda: clerk.issue("b1", claim="veteran")) == 1
    clerk.post("windows/w1/open")
    hears(lambda: send(mine["number"], Target(window="w1")))
    assert hears(lambda: clerk.issue("b1", claim="veteran")) == 0
    assert hears(lambda: send(first["number"], Target(window="w1"))) == 1
    clerk.post("windows/w1/call-next")
    hears(lambda: clerk.post("windows/w1/finish", {"outcome": "done"}))
    assert hears(lambda: clerk.issue("b1", claim="veteran")) == 0


def test_a_page_that_follows_again_hears_of_one_queue(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    page = sockets(site)
    for service in ("a1", "b1"):
        page.emit("follow", {"token": clerk.issue(service)["token"]})
    turn()
    page.received("moved")
    for service, heard in (("a1", 0), ("b1", 1)):
        clerk.issue(service, claim="veteran")
        turn()
        assert len(page.received("moved")) == heard


def test_who_comes_back_with_a_slip_moves_those_who_came_later(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    sent_home = clerk.issue("a1")
    clerk.post("windows/w1/call-next")
    assert clerk.post("windows/w1/finish", {"outcome": "papers_missing"}).status_code == 200
    page = sockets(site)
    page.emit("follow", {"token": clerk.issue("a1")["token"]})
    turn()
    page.received("moved")
    clerk.issue("a1", slip=sent_home["token"])
    turn()
    assert len(page.received("moved")) == 1


def test_pages_of_tickets_are_told_that_they_may_have_missed_something(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    page = sockets(site)
    page.emit("follow", {"token": clerk.issue()["token"]})
    turn()
    page.received("again")
    site.sanban.store.moves.hset(Keys(site.id).hall, "epoch", "another")
    beat(site, turn)
    assert len(page.received("again")) == 1


def test_a_page_that_follows_while_the_store_is_away_is_told_so(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, token = sockets(site), clerk.issue()["token"]

    def away(*_: object, **__: object) -> None:
        raise RedisError

    with monkeypatch.context() as broken:
        broken.setattr(type(site.sanban.store), "read", away)
        assert problem(page.emit("follow", {"token": token})) == "STORE_AWAY"
    assert page.emit("follow", {"token": token})["now"]


def test_a_heartbeat_says_how_far_a_room_was_told(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    answer = socket.join(f"{site.id}/board")
    clerk.issue()
    turn()
    last = socket.received()[-1]["id"]
    beat(site, turn)
    heard = socket.received("heartbeat")[-1]  # there may be one more by the clock
    assert heard["room"] == f"{site.id}/board"
    assert (heard["last"], heard["epoch"]) == (last, answer["epoch"])
    assert heard["now"] > 1_700_000_000_000


def test_a_new_epoch_is_told_and_its_journal_followed(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    old = socket.join(f"{site.id}/board")
    site.sanban.store.moves.hset(Keys(site.id).hall, "epoch", "restored")
    beat(site, turn)
    heard = socket.received("heartbeat")[-1]
    assert heard["epoch"] == "restored" != old["epoch"]
    answer = socket.join(f"{site.id}/board", since=old["as_of"], epoch=old["epoch"])
    assert answer["snapshot"] is not None
    assert answer["epoch"] == "restored"


def test_a_hall_that_is_loaded_later_is_followed(
    site: Site, sockets: Callable[..., Socket], turn: Callable[[], None], web: Any
) -> None:
    later = Site(*web)
    socket = sockets(later, {"token": later.token("clerk")})
    socket.join(f"{later.id}/board")
    later.program("clerk").issue()
    beat(site, turn)
    heard = socket.received("heartbeat")[0]  # at once, and at its turn
    assert heard["last"] == later.sanban.store.journal.bounds(later.id)[1]  # it is behind, and is told so
    later.program("clerk").issue()
    turn()
    assert socket.received()[-1]["counts"] == {"a": 2}


def test_an_outage_of_the_store_loses_no_message(
    durable_server: EmbeddedServer, tmp_path: Path, sockets: Callable[..., Socket]
) -> None:
    sanban = build(settings(tmp_path, durable_server.url))
    site = Site(create_app(sanban), sanban)
    clerk, turn = site.program("clerk"), starter(site)
    socket = sockets(site, {"token": site.token("clerk")})
    page = Page().answer(socket.join(f"{site.id}/board"))
    numbers: list[str] = []
    for _ in range(3):
        clerk.issue()
        numbers.append(json_of(clerk.post("windows/w1/call-next", {"finish": {}} if numbers else {}))["number"])
        durable_server.stop()
        with pytest.raises(RedisError):
            turn()
        assert problem(socket.join(f"{site.id}/board")) == "STORE_AWAY"
        durable_server.start()
    turn()
    heard = socket.received()
    rings = [put[2]["number"] for message in heard for put in message.get("put", []) if put[0] == "recent"]
    assert rings == numbers == ["A001", "A002", "A003"]
    for message in heard:
        page.message(message)
    assert page.seen() == Page().answer(socket.join(f"{site.id}/board")).seen()


def test_an_entry_nobody_can_read_stops_no_other_hall(
    site: Site, web: Any, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    other = Site(*web)
    beat(site, turn)
    here, there = sockets(site, {"token": site.token("clerk")}), sockets(other, {"token": other.token("clerk")})
    first = here.join(f"{site.id}/board")
    there.join(f"{other.id}/board")
    turn()
    for body in ("not JSON", "[]", '{"kind": 1}', "null"):
        site.sanban.store.moves.xadd(Keys(site.id).of("journal"), {"e": body})
        other.program("clerk").issue()
        for _ in range(2):
            turn()
        assert there.received()[-1]["counts"], body
        assert here.received()[-1]["again"] is True
    answer = here.join(f"{site.id}/board", since=first["as_of"], epoch=first["epoch"])
    assert answer["snapshot"] is not None
    site.program("clerk").issue()
    turn()
    assert here.received()[-1]["counts"] == {"a": 1}


def test_a_view_that_fails_asks_its_room_for_a_snapshot_and_no_other(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_entry: object, _hall: object) -> Message | None:
        raise ZeroDivisionError

    board, floor = (sockets(site, {"token": site.token("clerk")}) for _ in range(2))
    first = board.join(f"{site.id}/board")
    floor.join(f"{site.id}/floor")
    turn()
    audiences = board.live.audiences
    monkeypatch.setitem(audiences, "board", audience_with(audiences["board"], broken))
    clerk.issue()
    turn()
    assert board.received()[-1]["again"] is True
    assert floor.received()[-1]["counts"] == {"a": 1}
    missed = board.join(f"{site.id}/board", since=first["as_of"], epoch=first["epoch"])["messages"]
    assert missed[-1]["again"] is True


def audience_with(audience: Any, view: Any) -> Any:
    return type(audience)(audience.name, audience.permission, view, audience.snapshot, audience.keep)


def test_whatever_happens_in_a_turn_the_pump_goes_on(
    web: tuple[Flask, Sanban], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = web
    live: Live = app.extensions["live"]
    turns = iter([ZeroDivisionError(), RedisError(), KeyError("x"), KeyboardInterrupt()])
    monkeypatch.setattr(live.pump, "turn", lambda: raised(next(turns)))
    monkeypatch.setattr(live.socketio, "sleep", lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        live.pump.run(app)
    assert next(turns, None) is None


def raised(error: BaseException) -> None:
    raise error


# Rights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "room", "code"),
    [
        ("nobody", "board", "SIGN_IN_NEEDED"),
        ("nobody", "floor", "SIGN_IN_NEEDED"),
        ("kiosk", "board", "FORBIDDEN"),
        ("kiosk", "floor", "FORBIDDEN"),
        ("display", "floor", "FORBIDDEN"),
        ("officer", "floor", "FORBIDDEN"),
        ("auditor", "floor", "FORBIDDEN"),
        ("manager", "nothing", "NOT_FOUND"),
        ("display", "board", ""),
        ("officer", "board", ""),
        ("clerk", "floor", ""),
        ("clerk", "board", ""),
    ],
)
def test_a_room_is_for_those_who_may(
    site: Site, sockets: Callable[..., Socket], who: str, room: str, code: str
) -> None:
    device = who if who in ("kiosk", "display") else ""
    answer = sockets(site, {"device": device}, asker=site.as_(who)).join(f"{site.id}/{room}")
    assert (problem(answer) if "problem" in answer else "") == code


def test_a_room_of_another_hall_is_refused(site: Site, web: Any, sockets: Callable[..., Socket]) -> None:
    other = Site(*web)
    answer = sockets(site, {"token": site.token("admin")}).join(f"{other.id}/board")
    assert problem(answer) == "FORBIDDEN"


def test_who_was_refused_hears_nothing(
    site: Site, clerk: Asker, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    socket = sockets(site)
    socket.join(f"{site.id}/board")
    clerk.issue()
    beat(site, turn)
    assert socket.client.get_received(NAMESPACE) == []


@pytest.mark.parametrize("who", ["program", "device", "staff"])
def test_whose_rights_end_loses_the_socket_at_once(
    site: Site, sockets: Callable[..., Socket], turn: Callable[[], None], who: str
) -> None:
    access = site.sanban.access
    if who == "program":
        socket = sockets(site, {"token": site.token("clerk")})
    elif who == "device":
        socket = sockets(site, {"device": "display"}, asker=site.as_("display"))
    else:
        socket = sockets(site, asker=site.as_("clerk"))
    stays = sockets(site, {"token": site.token("clerk")})
    assert "problem" not in socket.join(f"{site.id}/board")
    assert "problem" not in stays.join(f"{site.id}/board")
    turn()
    if who == "program":
        access.revoke_token(site.id, next(iter(access.list_tokens(site.id))))
    elif who == "device":
        access.remove_device(site.id, next(iter(access.devices(site.id))), "test")
    else:
        access.set_staff(site.id, "the-clerk", "x", "auditor", "another long password", "test")
    turn()
    assert (socket.connected, stays.connected) == (False, True)


def test_rights_are_looked_at_anew_at_every_join(site: Site, sockets: Callable[..., Socket]) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    assert "problem" not in socket.join(f"{site.id}/board")
    site.sanban.access.revoke_token(site.id, next(iter(site.sanban.access.list_tokens(site.id))))
    assert problem(socket.join(f"{site.id}/board")) == "SIGN_IN_NEEDED"


# Strangers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        (),
        (None,),
        (1, 2, 3),
        ([],),
        ({},),
        ({"room": None},),
        ({"room": ["a"]},),
        ({"room": {"$gt": ""}},),
        ({"room": "x" * 10_000},),
        ({"room": "/"},),
        ({"room": "//board"},),
        ({"room": "\x00/board"},),
        ({"room": "board"},),
        ("{hall}/board",),
    ],
)
def test_a_join_that_makes_no_sense_gets_a_problem(
    site: Site, sockets: Callable[..., Socket], sent: tuple[object, ...]
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    assert problem(socket.emit("join", *sent)) in ("NOT_FOUND", "FORBIDDEN")
    assert socket.connected


@pytest.mark.parametrize(
    "auth",
    [
        [],
        "token",
        5,
        {"token": 5},
        {"token": ""},
        {"token": "sanban.x.y.z"},
        {"token": "sanban.x\n.y.z"},
        {"device": []},
        {"device": {}},
        {"device": "admin"},
        {"device": "display"},
        {"token": "x" * 20_000},
    ],
)
def test_who_says_nonsense_of_themselves_is_nobody(site: Site, sockets: Callable[..., Socket], auth: object) -> None:
    assert problem(sockets(site, auth).join(f"{site.id}/board")) == "SIGN_IN_NEEDED"


def test_a_flood_of_joins_slows_its_sender(
    site: Site, sockets: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    slept: list[float] = []
    monkeypatch.setattr(socket.live.socketio, "sleep", slept.append)
    for _ in range(20):
        socket.join(f"{site.id}/board")
    assert slept == []
    for _ in range(10):
        socket.join(f"{site.id}/board")
    assert len(slept) >= 8
    assert slept == sorted(slept)


def test_nothing_is_kept_of_a_socket_that_has_gone(site: Site, sockets: Callable[..., Socket]) -> None:
    before = site.app.extensions["live"].sockets
    socket = sockets(site, {"token": site.token("clerk")})
    socket.join(f"{site.id}/board")
    assert socket.live.sockets == before + 1
    socket.close()
    assert socket.live.sockets == before


def test_a_socket_that_never_joins_is_closed(
    site: Site, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    idle, joined = sockets(site), sockets(site, {"token": site.token("clerk")})
    joined.join(f"{site.id}/board")
    beat(site, turn)
    assert (idle.connected, joined.connected) == (True, True)
    for connection in idle.live._sockets.values():
        connection.opened -= 31
    beat(site, turn)
    assert (idle.connected, joined.connected) == (False, True)


def test_a_description_that_changes_asks_for_a_snapshot(
    site: Site, sockets: Callable[..., Socket], turn: Callable[[], None]
) -> None:
    socket = sockets(site, {"token": site.token("clerk")})
    socket.join(f"{site.id}/board")
    changed = live_hall(site.id, lines=(*live_hall(site.id).lines[:1],), services=(), windows=())
    site.sanban.halls.save(changed, Caller(by="manager"))
    turn()
    assert socket.received()[-1]["again"] is True
    assert socket.join(f"{site.id}/board")["snapshot"]["counts"] == {"a": 0}


# Where a socket comes from ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost", True),
        ("https://localhost", False),
        ("http://localhost:81", False),
        ("http://evil.example", False),
        ("https://hall.example.org", False),
        ("null", False),
    ],
)
def test_a_page_of_another_site_opens_no_socket(site: Site, origin: str, own: bool) -> None:
    answer = site.app.test_client().get(
        "/socket.io/?EIO=4&transport=websocket", headers={"Origin": origin, "X-Forwarded-Host": "evil.example"}
    )
    assert ("Not an accepted origin" not in answer.text) == own
    assert answer.status_code == 400  # no websocket in this client


def test_an_event_nobody_knows_is_refused_and_paced(
    site: Site, sockets: Callable[..., Socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = sockets(site)
    slept: list[float] = []
    monkeypatch.setattr(socket.live.socketio, "sleep", slept.append)
    for _ in range(25):
        assert problem(socket.emit("call_next", {"window": "w1"})) == "NOT_FOUND"
    assert len(slept) >= 4
