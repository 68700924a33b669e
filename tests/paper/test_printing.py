"""From the journal to the paper: who prints what, once, and what becomes of it when the printer is away."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from hall.domain.callers import Caller
from hall.domain.errors import (
    Forbidden,
    MoveNotLegal,
    NoPrinter,
    ServicesMixed,
    UnknownMaterial,
    UnknownService,
    UnknownTicket,
)
from hall.domain.halls import Material, Service
from hall.domain.printers import Paper, Printer
from hall.domain.texts import Text
from hall.paper import printer as printers
from hall.services.calls import Finish
from hall.services.paper import changed_row, printer_rows
from hall.services.tickets import Booked
from tests.paper.conftest import PaperHall
from tests.paper.test_printer import same

STAFF = Caller(by="staff:ann")


def preview(here: PaperHall, number: str) -> Image.Image:
    return Image.open(io.BytesIO(here.sanban.papers.preview(STAFF, here.id, number)))


def test_a_number_taken_at_a_kiosk_comes_out_as_the_preview_shows_it(paper_hall: PaperHall) -> None:
    number = paper_hall.take(language="en", claim="veteran")["number"]
    before = preview(paper_hall, number)
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1
    assert same(paper_hall.printer.printed[0], before)


def test_the_preview_stays_what_was_printed_when_the_line_has_moved_on(paper_hall: PaperHall) -> None:
    first, second = paper_hall.take(), paper_hall.take()
    paper_hall.work()
    sanban = paper_hall.sanban
    sanban.tickets.staff_move(STAFF, paper_hall.id, first["number"], "cancel")
    assert same(paper_hall.printer.printed[1], preview(paper_hall, second["number"]))


def test_each_ticket_is_printed_in_the_order_of_taking(paper_hall: PaperHall) -> None:
    numbers = [paper_hall.take()["number"] for _ in range(3)]
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 3
    assert all(
        same(print_, preview(paper_hall, number))
        for print_, number in zip(paper_hall.printer.printed, numbers, strict=True)
    )


def test_a_job_that_runs_twice_prints_once(paper_hall: PaperHall) -> None:
    ticket = paper_hall.take()["id"]
    paper_hall.reader.turn(paper_hall.id)
    printing = paper_hall.sanban.printing
    assert printing.print_paper(paper_hall.id, ticket, 0, "front") == "printed"
    assert printing.print_paper(paper_hall.id, ticket, 0, "front") == "again"
    assert len(paper_hall.printer.printed) == 1


def test_a_leader_that_reads_the_journal_again_prints_nothing_twice(paper_hall: PaperHall) -> None:
    cursor = paper_hall.store.cursor(paper_hall.id)
    paper_hall.take()
    paper_hall.work()
    paper_hall.store.set_cursor(paper_hall.id, cursor)
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1


def test_a_job_that_was_lost_is_made_good_at_the_next_look_at_the_printer(paper_hall: PaperHall) -> None:
    paper_hall.take()
    paper_hall.reader.turn(paper_hall.id)
    paper_hall.jobs.empty()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1


def test_a_number_taken_elsewhere_is_not_printed(paper_hall: PaperHall) -> None:
    for by in ("staff:ann", "program:7f3a", "resident", "device:kiosk-unknown", paper_hall.pair("display")):
        paper_hall.take(by)
    paper_hall.work()
    assert not paper_hall.printer.printed and not paper_hall.waiting()


def test_a_kiosk_that_another_process_paired_while_the_leader_led_prints_at_once(paper_hall: PaperHall) -> None:
    paper_hall.take()
    paper_hall.work()  # the leader knows the kiosks now
    paper_hall.take(paper_hall.pair("kiosk", elsewhere=True))
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 2


def test_each_kiosk_prints_at_its_own_printer_or_that_of_its_place(paper_hall: PaperHall) -> None:
    printers = (
        Printer("all", "network", host="127.0.0.1", port=1),
        Printer("door", "network", host="127.0.0.1", port=1, place="door"),
        Printer("own", "network", host="127.0.0.1", port=1, kiosk="tall one"),
    )
    paper_hall.save(printers=printers)
    tall, near, other = paper_hall.pair("kiosk", "tall one", "door"), paper_hall.pair("kiosk", place="door"), "kiosk"
    chosen = [paper_hall.sanban.papers.printer_for(paper_hall.id, by) for by in (tall, near, paper_hall.pair(other))]
    assert [printer.id for printer in chosen if printer] == ["own", "door", "all"]


def test_who_checks_in_with_a_number_of_the_staff_gets_paper_and_who_has_some_gets_no_second_one(
    paper_hall: PaperHall,
) -> None:
    soon = paper_hall.sanban.papers.moves.clock() + 600_000
    person, other = "310107196001010017", "310107197002280021"
    paper_hall.take("staff:ann", id_number=person)
    paper_hall.take(id_number=other)
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1
    for number, name in ((person, "b1"), (other, "b2")):
        paper_hall.take(id_number=number, booked=Booked(name, soon))
    paper_hall.work()
    assert len(paper_hall.entries("checked_in")) == 2
    assert len(paper_hall.printer.printed) == 2


def test_what_was_taken_while_no_leader_led_is_as_old_as_it_is(paper_hall: PaperHall) -> None:
    paper_hall.take()
    paper_hall.pass_time(minutes=6)
    paper_hall.work()
    assert not paper_hall.printer.printed


def test_a_hall_without_printers_does_nothing(paper_hall: PaperHall) -> None:
    paper_hall.save(printers=())
    paper_hall.take()
    paper_hall.reader.turn(paper_hall.id)
    assert paper_hall.sanban.papers.states(paper_hall.id) == {}


def test_a_hall_that_drops_its_printers_holds_up_no_trimming_and_prints_nothing_old_later(
    paper_hall: PaperHall,
) -> None:
    journal, printers = paper_hall.sanban.store.journal, paper_hall.hall.printers
    paper_hall.save(printers=())
    for _ in range(3):
        paper_hall.take()
    paper_hall.reader.turn(paper_hall.id)
    last = journal.bounds(paper_hall.id)[1]
    journal.trim(paper_hall.id, last, older_than=2**52)
    assert journal.bounds(paper_hall.id)[0] == last
    paper_hall.save(printers=printers)
    paper_hall.reader.turn(paper_hall.id)
    paper_hall.work()
    assert not paper_hall.printer.printed


# The printer is away ---------------------------------------------------------------------------


def test_paper_that_is_out_is_in_the_journal_once_and_again_when_it_is_there(paper_hall: PaperHall) -> None:
    paper_hall.work()
    paper_hall.printer.trouble.paper = "out"
    paper_hall.work(3)
    paper_hall.printer.trouble.paper = "low"
    paper_hall.work(2)
    changes = [(entry.get("was"), entry["state"]) for entry in paper_hall.entries("printer_changed")]
    assert changes == [(None, "ok"), ("ok", "paper_out"), ("paper_out", "paper_low")]
    assert paper_hall.state() == "paper_low"


def test_the_snapshot_shows_what_the_journal_said_of_printers(paper_hall: PaperHall) -> None:
    assert paper_hall.sanban.store.snapshot(paper_hall.id).printers == {}
    paper_hall.work()
    known = paper_hall.sanban.store.snapshot(paper_hall.id).printers
    assert known["front"]["state"] == "ok" and known["front"]["since"] > 0


def test_an_entry_changes_a_row_into_what_the_next_snapshot_shows(paper_hall: PaperHall) -> None:
    paper_hall.work()
    paper_hall.printer.trouble.paper = "low"
    paper_hall.work()
    rows: dict[str, dict[str, Any]] = {}
    for entry in paper_hall.sanban.store.journal.after(paper_hall.id, "0-0"):
        if change := changed_row(paper_hall.hall, entry):
            rows[change[0]] = change[1]
    assert rows == printer_rows(paper_hall.hall, paper_hall.sanban.store.snapshot(paper_hall.id).printers)
    assert rows["front"]["state"] == "paper_low"


@pytest.mark.parametrize("trouble", ["silent", "offline", "hangs"])
def test_what_is_taken_while_the_printer_is_away_comes_out_when_it_is_back(
    paper_hall: PaperHall, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setattr(paper_hall.printer.trouble, trouble, True)
    numbers = [paper_hall.take()["number"] for _ in range(2)]
    with monkeypatch.context() as hasty:
        hasty.setattr(printers, "SECONDS", 1.5)
        paper_hall.work()
    assert paper_hall.state() == "offline" and len(paper_hall.waiting()) == 2
    setattr(paper_hall.printer.trouble, trouble, False)
    paper_hall.printer.let_go.set()
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 2 and not paper_hall.waiting()
    assert same(paper_hall.printer.printed[0], preview(paper_hall, numbers[0]))
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 2


def test_a_ticket_whose_print_was_cut_off_in_the_middle_is_printed_whole_later(paper_hall: PaperHall) -> None:
    paper_hall.work()
    paper_hall.printer.trouble.drops_after = 3000
    number = paper_hall.take()["number"]
    paper_hall.work()
    assert paper_hall.printer.began.is_set() and paper_hall.state() == "offline"
    paper_hall.printer.trouble.drops_after = None
    paper_hall.work()
    assert [same(one, preview(paper_hall, number)) for one in paper_hall.printer.printed] == [True]


def test_a_printer_that_is_away_is_not_tried_for_each_ticket(
    paper_hall: PaperHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "SECONDS", 1.5)
    paper_hall.printer.trouble.silent = True
    paper_hall.work()
    visits = paper_hall.printer.visits
    tickets = [paper_hall.take()["id"] for _ in range(3)]
    paper_hall.reader.turn(paper_hall.id)
    results = [paper_hall.sanban.printing.print_paper(paper_hall.id, one, 0, "front") for one in tickets]
    assert results == ["waiting"] * 3
    assert paper_hall.printer.visits == visits > 0


def test_a_hall_may_drop_what_came_while_the_printer_was_away_and_is_told(paper_hall: PaperHall) -> None:
    paper_hall.save(paper=Paper(when_back="drop"))
    paper_hall.printer.trouble.paper = "out"
    numbers = [paper_hall.take()["number"] for _ in range(2)]
    paper_hall.work()
    paper_hall.printer.trouble.paper = "plenty"
    paper_hall.work()
    assert not paper_hall.printer.printed and not paper_hall.waiting()
    assert paper_hall.entries("paper_dropped") == [{"printer": "front", "papers": numbers}]
    front = paper_hall.sanban.papers.states(paper_hall.id)["front"]
    assert (front["unprinted"], front["dropped"], front["dropped_papers"]) == (0, 2, numbers[::-1])
    paper_hall.take()
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1


def test_a_ticket_that_waited_too_long_for_its_paper_is_dropped(paper_hall: PaperHall) -> None:
    paper_hall.save(paper=Paper(max_age=5))
    paper_hall.printer.trouble.offline = True
    old = paper_hall.take()["number"]
    paper_hall.work()
    paper_hall.pass_time(minutes=4)
    paper_hall.take()
    paper_hall.work()
    paper_hall.pass_time(minutes=2)
    paper_hall.printer.trouble.offline = False
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 1
    assert paper_hall.entries("paper_dropped") == [{"printer": "front", "papers": [old]}]


def test_a_number_that_was_given_up_meanwhile_gets_no_paper(paper_hall: PaperHall) -> None:
    paper_hall.printer.trouble.offline = True
    number = paper_hall.take()["number"]
    paper_hall.work()
    paper_hall.sanban.tickets.staff_move(STAFF, paper_hall.id, number, "cancel")
    paper_hall.printer.trouble.offline = False
    paper_hall.work()
    assert not paper_hall.printer.printed
    assert paper_hall.entries("paper_dropped") == [{"printer": "front", "papers": [number]}]


# Reprints --------------------------------------------------------------------------------------


def test_staff_may_print_a_ticket_again_and_the_paper_says_so(paper_hall: PaperHall) -> None:
    number = paper_hall.take()["number"]
    paper_hall.work()
    first, second = (paper_hall.sanban.papers.reprint(STAFF, paper_hall.id, number, staff=True) for _ in range(2))
    assert [first.copy, second.copy] == [1, 2]
    paper_hall.work()
    assert len(paper_hall.printer.printed) == 3
    assert not same(paper_hall.printer.printed[1], paper_hall.printer.printed[2])
    assert same(paper_hall.printer.printed[2], preview(paper_hall, number))


def test_asking_again_with_the_same_key_is_one_reprint(paper_hall: PaperHall) -> None:
    number = paper_hall.take()["number"]
    caller = Caller(by="staff:ann", key="k1")
    copies = [paper_hall.sanban.papers.reprint(caller, paper_hall.id, number, staff=True).copy for _ in range(2)]
    assert copies == [1, 1]
    assert len(paper_hall.entries("reprint_wanted")) == 1


def test_a_reprint_leaves_the_queue_as_it_is(paper_hall: PaperHall) -> None:
    number = paper_hall.take()["number"]
    before = paper_hall.sanban.store.snapshot(paper_hall.id).tickets
    paper_hall.sanban.papers.reprint(STAFF, paper_hall.id, number, staff=True)
    assert paper_hall.sanban.store.snapshot(paper_hall.id).tickets == before


def test_a_kiosk_may_print_its_own_ticket_again_for_two_minutes(paper_hall: PaperHall) -> None:
    number = paper_hall.take()["number"]
    paper_hall.work()
    papers, kiosk = paper_hall.sanban.papers, Caller(by=paper_hall.kiosk)
    assert papers.reprint(kiosk, paper_hall.id, number, staff=False).copy == 1
    paper_hall.pass_time(minutes=2.1)
    with pytest.raises(Forbidden):
        papers.reprint(kiosk, paper_hall.id, number, staff=False)


def test_a_kiosk_may_not_print_the_ticket_of_another_one(paper_hall: PaperHall) -> None:
    number = paper_hall.take()["number"]
    paper_hall.work()
    with pytest.raises(Forbidden):
        paper_hall.sanban.papers.reprint(Caller(by=paper_hall.pair("kiosk")), paper_hall.id, number, staff=False)


def test_a_reprint_needs_a_ticket_and_a_printer(paper_hall: PaperHall) -> None:
    number, papers = paper_hall.take("staff:ann")["number"], paper_hall.sanban.papers
    assert papers.reprint(STAFF, paper_hall.id, number, staff=True).printer == "front"
    with pytest.raises(UnknownTicket):
        papers.reprint(STAFF, paper_hall.id, "Z999", staff=True)
    with pytest.raises(NoPrinter):
        papers.reprint(STAFF, paper_hall.id, number, staff=True, printer_id="nowhere")
    paper_hall.save(printers=())
    with pytest.raises(NoPrinter):
        papers.reprint(STAFF, paper_hall.id, number, staff=True)


# Slips -----------------------------------------------------------------------------------------

SERVICE = Service(
    "a1",
    "a",
    Text(zh="社保卡", en="Social security card"),
    materials=(
        Material("id-card", Text(zh="身份证", en="Identity card")),
        Material("photo", Text(zh="照片", en="Photo")),
    ),
)


@pytest.fixture
def with_materials(paper_hall: PaperHall) -> PaperHall:
    others = [one for one in paper_hall.hall.services if one.id != "a1"]
    paper_hall.save(services=(SERVICE, *others))
    return paper_hall


def test_a_slip_from_a_kiosk_is_printed_once_at_its_printer(with_materials: PaperHall) -> None:
    slips, kiosk = with_materials.sanban.slips, Caller(by=with_materials.kiosk, key="k1")
    for _ in range(2):
        assert slips.want(kiosk, with_materials.id, {"a1": ["id-card"]}, "zh") == "front"
    with_materials.work(2)
    assert len(with_materials.printer.printed) == 1
    entry = next(
        e for e in with_materials.sanban.store.journal.after(with_materials.id, "0-0") if e.kind == "slip_wanted"
    )
    assert same(with_materials.printer.printed[0], slips.picture(with_materials.id, entry.id))


def test_what_is_there_changes_the_slip(with_materials: PaperHall) -> None:
    for have in ([], ["id-card"], ["id-card", "photo"]):
        with_materials.sanban.slips.want(Caller(by=with_materials.kiosk), with_materials.id, {"a1": have}, "en")
    with_materials.work()
    first, second, third = with_materials.printer.printed
    assert not same(first, second) and not same(second, third)


def test_a_slip_for_a_ticket_needs_one_that_ended_for_missing_papers(with_materials: PaperHall) -> None:
    number, sanban = with_materials.take()["number"], with_materials.sanban
    with pytest.raises(MoveNotLegal):
        sanban.slips.want_for(STAFF, with_materials.id, number, {})
    sanban.windows.open(STAFF, with_materials.id, "w1")
    sanban.calls.call_next(STAFF, with_materials.id, "w1")
    sanban.calls.finish(STAFF, with_materials.id, "w1", Finish("papers_missing"))
    assert sanban.slips.want_for(STAFF, with_materials.id, number, {}) == "front"
    with_materials.work()
    entries = with_materials.sanban.store.journal.after(with_materials.id, "0-0")
    wanted = next(one for one in entries if one.kind == "slip_wanted")
    picture = sanban.slips.picture(with_materials.id, wanted.id)
    # The ticket itself ended before its paper came, so it is dropped.
    assert [same(one, picture) for one in with_materials.printer.printed] == [True]
    assert with_materials.entries("paper_dropped") == [{"printer": "front", "papers": [number]}]


@pytest.mark.parametrize(
    ("have", "error"),
    [({"a1": ["passport"]}, UnknownMaterial), ({"x": []}, UnknownService), ({"a1": [], "b1": []}, ServicesMixed)],
)
def test_a_slip_of_what_the_hall_does_not_have_is_refused(
    with_materials: PaperHall, have: dict[str, list[str]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        with_materials.sanban.slips.want(STAFF, with_materials.id, have, "zh")
    assert not with_materials.entries("slip_wanted")
