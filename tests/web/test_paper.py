"""Reprints, previews and printers over HTTP; a printer that hangs keeps nobody waiting."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from hall.domain.callers import Caller
from hall.domain.printers import Printer
from hall.paper import printer as printers
from tests.paper.printer import LoopbackPrinter
from tests.web.conftest import Asker, Json, Site, code_of, json_of


@pytest.fixture
def printer(site: Site) -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter() as here:
        hall = site.sanban.halls.get(site.id)
        described = (Printer("front", "network", name="Entrance", host="127.0.0.1", port=here.port),)
        site.sanban.halls.save(replace(hall, printers=described), Caller(by="setup"))
        yield here


def test_a_clerk_sees_every_printer_before_it_was_asked_and_after(
    site: Site, clerk: Asker, printer: LoopbackPrinter
) -> None:
    row: Json = {"name": "Entrance", "kiosk": "", "place": "", "state": "unknown", "since": None}
    row |= {"unprinted": 0, "dropped": 0, "dropped_papers": []}
    assert json_of(clerk.get("printers")) == {"printers": {"front": row}}
    site.sanban.printing.watch(site.id)
    seen = json_of(clerk.get("printers"))["printers"]["front"]
    assert seen["state"] == "ok" and seen["since"] > 0


def test_a_clerk_asks_for_a_reprint_and_is_told_which_copy_it_is(clerk: Asker, printer: LoopbackPrinter) -> None:
    number = clerk.issue()["number"]
    answer = clerk.post(f"tickets/{number}/reprint", {})
    assert answer.status_code == 202
    assert json_of(answer) == {"number": number, "copy": 1, "printer": "front"}
    assert json_of(clerk.post(f"tickets/{number}/reprint", {"printer": "front"}))["copy"] == 2


def test_the_same_request_key_asks_for_one_copy(site: Site, clerk: Asker, printer: LoopbackPrinter) -> None:
    number = clerk.issue()["number"]
    for _ in range(2):
        answer = clerk.post(f"tickets/{number}/reprint", {}, headers={"Idempotency-Key": "k1"})
        assert json_of(answer)["copy"] == 1
    assert site.kinds().count("reprint_wanted") == 1


def test_a_kiosk_prints_its_own_ticket_again_and_no_other(site: Site, clerk: Asker, printer: LoopbackPrinter) -> None:
    kiosk, others = site.device("kiosk"), clerk.issue()["number"]
    number = kiosk.issue()["number"]
    entry = next(
        e for e in site.sanban.store.journal.after(site.id, "0-0") if e.ticket and e.ticket["number"] == number
    )
    assert entry.ticket
    site.sanban.papers.issued(site.id, entry.ticket["id"], entry.by)
    assert kiosk.post(f"tickets/{number}/reprint", {}).status_code == 202
    assert code_of(kiosk.post(f"tickets/{others}/reprint", {})) == "FORBIDDEN"


def test_what_cannot_be_reprinted_says_why(clerk: Asker, printer: LoopbackPrinter) -> None:
    number = clerk.issue()["number"]
    assert code_of(clerk.post("tickets/Z999/reprint", {})) == "UNKNOWN_TICKET"
    assert code_of(clerk.post(f"tickets/{number}/reprint", {"printer": "nowhere"})) == "NO_PRINTER"
    assert code_of(clerk.post(f"tickets/{number}/reprint", {"copies": 100})) == "BAD_FIELDS"


def test_a_hall_without_printers_refuses_a_reprint(clerk: Asker) -> None:
    assert code_of(clerk.post(f"tickets/{clerk.issue()['number']}/reprint", {})) == "NO_PRINTER"


def test_the_preview_is_a_picture_as_wide_as_the_paper(clerk: Asker) -> None:
    answer = clerk.get(f"tickets/{clerk.issue()['number']}/preview.png")
    assert answer.content_type == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size[0] == 576 and picture.mode == "1"
    assert code_of(clerk.get("tickets/Z999/preview.png")) == "UNKNOWN_TICKET"


def test_a_kiosk_asks_for_a_slip_and_a_clerk_for_one_that_keeps_the_place(
    site: Site, clerk: Asker, printer: LoopbackPrinter
) -> None:
    kiosk = site.device("kiosk")
    answer = kiosk.post("slips", {"items": [{"service": "a1", "have": []}], "language": "en"})
    assert (answer.status_code, json_of(answer)) == (202, {"printer": "front"})
    assert code_of(kiosk.post("slips", {"items": [{"service": "a1", "have": ["x"]}]})) == "UNKNOWN_MATERIAL"
    assert code_of(kiosk.post("slips", {"items": []})) == "BAD_FIELDS"
    number = clerk.issue()["number"]
    assert code_of(clerk.post(f"tickets/{number}/slip", {})) == "MOVE_NOT_LEGAL"
    clerk.post("windows/w1/open", {})
    clerk.post("windows/w1/call-next", {})
    assert clerk.post("windows/w1/finish", {"outcome": "papers_missing"}).status_code == 200
    assert json_of(clerk.post(f"tickets/{number}/slip", {})) == {"printer": "front"}
    assert site.kinds().count("slip_wanted") == 2


def test_nobody_waits_for_a_printer_that_hangs(
    site: Site, printer: LoopbackPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "SECONDS", 60)
    printer.trouble.hangs = True
    kiosk = site.device("kiosk")
    kiosk.issue()
    entry = next(entry for entry in site.sanban.store.journal.after(site.id, "0-0") if entry.kind == "issued")
    assert entry.ticket
    site.sanban.papers.keep(site.id, entry.ticket["id"], 0, "front", entry.at)
    job = threading.Thread(target=site.sanban.printing.print_paper, args=(site.id, entry.ticket["id"], 0, "front"))
    job.start()
    try:
        assert printer.began.wait(60), "the printer never got the picture"
        kiosk.issue()
        number = site.program("clerk").issue()["number"]
        assert site.program("clerk").post(f"tickets/{number}/reprint", {}).status_code == 202
        # All of that was answered while the job still hung on the printer.
        assert job.is_alive() and not printer.let_go.is_set()
    finally:
        printer.let_go.set()
        job.join(20)
