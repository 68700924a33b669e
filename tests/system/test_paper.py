"""Paper in a whole installation: from a kiosk's request over leader, queue and worker to a printer on the wire."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from hall.domain.callers import Caller
from hall.domain.printers import Printer
from hall.paper.printer import SECONDS
from hall.services.tickets import Wish
from tests.browser.installation import Installation
from tests.paper.printer import LoopbackPrinter
from tests.paper.test_printer import same
from tests.system.serving import PATIENCE, wait_for
from workers.printing import WATCH_SECONDS

PUBLIC = "https://hall.example.org/queue"


class PublicInstallation(Installation):
    """One with an address that residents reach."""

    @property
    def _env(self) -> dict[str, str]:
        return {**super()._env, "SANBAN_PUBLIC_URL": PUBLIC}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = PublicInstallation(tmp_path_factory.mktemp("paper") / "data").start()
    yield installation
    installation.stop()


@pytest.fixture
def printer() -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter() as here:
        yield here


class Desk:
    """A hall with one printer, a kiosk and a clerk's program."""

    def __init__(self, running: Installation, printer: LoopbackPrinter) -> None:
        self._running, self._services = running, running.services
        described = (Printer("front", "network", host="127.0.0.1", port=printer.port),)
        self.hall = running.new_hall(printers=described)
        access = self._services.access
        self.kiosk = access.pair(self.hall.id, access.pairing_code(self.hall.id, "kiosk"))[0].id
        self._token = access.add_token(self.hall.id, "clerk")

    def wait_for_state(self, state: str) -> None:
        wait_for(lambda: self.state() == state, f"the printer is {state}")

    def state(self) -> str:
        return str(self._ask("printers")["printers"]["front"]["state"])

    def take(self) -> str:
        wish = Wish(services=("social-card",), language="en")
        place = self._services.tickets.issue(Caller(by=f"device:{self.kiosk}"), self.hall.id, wish)
        self.token = self._services.secrets.ticket_token(self.hall.id, place.ticket["id"])
        return str(place.ticket["number"])

    def preview(self, number: str) -> Image.Image:
        return Image.open(io.BytesIO(self._get(f"tickets/{number}/preview.png")))

    def _ask(self, path: str) -> Any:
        return json.loads(self._get(path))

    def _get(self, path: str) -> bytes:
        address = f"{self._running.url}/api/v1/halls/{self.hall.id}/{path}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return bytes(answer.read())


def test_a_kiosks_number_comes_out_as_previewed_and_its_code_leads_to_the_ticket(
    running: Installation, printer: LoopbackPrinter, tmp_path: Path
) -> None:
    desk = Desk(running, printer)
    desk.wait_for_state("ok")
    number = desk.take()
    assert printer.cut.wait(PATIENCE), "nothing was printed"
    assert same(printer.printed[0], desk.preview(number))
    codes = zxingcpp.read_barcodes(printer.printed[0].convert("L"))
    assert [code.text for code in codes] == [f"{PUBLIC}/t/{desk.token}"]


def test_the_hall_hears_of_paper_within_ten_seconds_and_gets_its_ticket_when_there_is_some(
    running: Installation, printer: LoopbackPrinter
) -> None:
    # A look now and then, and what it may take: a machine that is busy with other things is not measured here.
    assert WATCH_SECONDS + SECONDS < 10
    desk = Desk(running, printer)
    desk.wait_for_state("ok")
    printer.trouble.paper, printer.trouble.offline = "out", True
    desk.wait_for_state("paper_out")
    number = desk.take()
    printer.trouble.paper, printer.trouble.offline = "plenty", False
    assert printer.cut.wait(PATIENCE), "the ticket that waited was not printed"
    assert same(printer.printed[0], desk.preview(number))
    printer.unplug()
    desk.wait_for_state("offline")
