"""A paired screen that is connected is heard of."""

from __future__ import annotations

from collections.abc import Callable

from hall.store.office import OfficeStore
from tests.web.conftest import Site
from tests.web.test_live import Socket, beat, sockets, starter  # noqa: F401 - fixtures


def test_a_connected_screen_is_heard_of_and_a_program_is_not(site: Site, sockets: Callable[..., Socket]) -> None:  # noqa: F811
    turn = starter(site)
    live, store = site.app.extensions["live"], OfficeStore(site.sanban.store)
    screen = sockets(site, {"device": "display"}, asker=site.as_("display"))
    program = sockets(site, {"token": site.token("clerk")})
    for socket in (screen, program):
        assert "problem" not in socket.join(f"{site.id}/board")
    live._hear_at = 0.0
    beat(site, turn)
    (device,) = site.sanban.access.devices(site.id)
    before = store.heard(site.id)
    assert {one for one in before if not one.startswith("token/")} == {device}  # a token's last use stands there too
    # Twice a minute is enough: the next beat writes nothing.
    store.hear(site.id, device, 1)
    beat(site, turn)
    assert store.heard(site.id)[device] == 1
    screen.close()
    live._hear_at = 0.0
    beat(site, turn)
    assert store.heard(site.id)[device] == 1
