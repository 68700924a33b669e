"""Cables between web and store, and between everybody and web: cut, or there to see while one or both ways are lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.store.embedded import EmbeddedServer
from tests.browser.proxy import Lost, Proxy
from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.site import Site

pytestmark = pytest.mark.long


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    store = EmbeddedServer(tmp_path / "store").start()
    yield store
    store.stop()


@pytest.fixture
def cable(server: EmbeddedServer) -> Iterator[Proxy]:
    """Between every process of the installation and its store."""
    proxy = Proxy(server.url.removeprefix("unix://"))
    yield proxy
    proxy.close()


@pytest.fixture
def site(make_site: MakeSite, server: EmbeddedServer, cable: Proxy) -> Site:
    return make_site(store=server.url, settings={"SANBAN_REDIS_URL": f"redis://127.0.0.1:{cable.port}/0"})


def test_a_cable_to_the_store_that_is_cut_is_asked_again(site: Site, cable: Proxy) -> None:
    for _ in range(3):
        cable.cut()
        site.await_refusals("503 STORE_AWAY", 20)
        cable.heal()
        site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep("web to store: cut", site.figures())


@pytest.mark.parametrize("how", ["replica", "no copies"])
def test_a_store_that_answers_and_takes_nothing_is_asked_again(make_site: MakeSite, how: str) -> None:
    site = make_site()
    for _ in range(3):
        with site.refusing_store(how):
            site.await_refusals("503 STORE_AWAY", 50)
        site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep(f"store takes nothing: {how}", site.figures())


@pytest.mark.parametrize("lost", list(Lost))
def test_a_half_open_connection_to_the_store_is_given_up_and_asked_again(site: Site, cable: Proxy, lost: Lost) -> None:
    """Of what was asked when the answers were lost, the store has done everything: the same key finds it."""
    cable.swallow(lost)
    site.await_refusals("503 STORE_AWAY", 5)
    cable.heal()
    site.recover()
    took = site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep(f"web to store: {lost.name.lower()} lost", {**site.figures(), "seconds to a job": round(took, 1)})


@pytest.mark.parametrize("lost", list(Lost))
def test_half_open_connections_to_the_web_are_given_up_and_asked_again(make_site: MakeSite, lost: Lost) -> None:
    site = make_site()
    for network in (site.street, site.network):
        network.swallow(lost)
    site.await_refusals("no answer", 5)
    for network in (site.street, site.network):
        network.heal()
    site.recover()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep(f"everybody to web: {lost.name.lower()} lost", site.figures())


def test_cables_to_the_web_that_are_cut_again_and_again_lose_nothing(make_site: MakeSite) -> None:
    site = make_site()
    for _ in range(20):
        site.street.cut()
        site.network.cut()
        time.sleep(0.2)
        site.street.heal()
        site.network.heal()
        site.recover()
    assert site.complaints() == []
    figures.keep("everybody to web: cut", site.figures())
