"""Commands of paper: python -m hall printers …"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import click
from PIL import Image

from hall.bootstrap import Sanban
from hall.domain.halls import Hall
from hall.domain.texts import Text
from hall.paper import printer as printers
from hall.paper.sheet import draw
from hall.paper.ticket import Ticket, layout

_TEST = Text(zh="打印测试", en="Test print")


def register(cli: click.Group, sanban: Callable[[], Sanban], one_hall: Callable[[Sanban, str | None], str]) -> None:
    """Add the commands to the command line; `sanban` and `one_hall` find the services and the hall."""

    @cli.command("printers")
    @click.option("--hall", "hall_id")
    @click.option("--test", "test_id", metavar="PRINTER", help="Print a test ticket on this one.")
    def show_printers(hall_id: str | None, test_id: str | None) -> None:
        """Ask every printer of a hall how it is, and why. The exit status is 1 when one cannot print."""
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        if not hall.printers:
            raise click.ClickException("the hall's file has no [[printers]]; docs/paper.md says how to add one")
        bad = False
        for printer in hall.printers:
            if test_id in (None, printer.id):
                state, why = printers.look(printer, built.settings.print_dir)
                bad = bad or not state.prints
                click.echo(f"{printer.id}  {printer.kind}  {state}  {why}".rstrip())
        if test_id is not None:
            _print_test(hall, test_id, built.settings.print_dir)
        if bad:
            raise click.exceptions.Exit(1)


def _print_test(hall: Hall, printer_id: str, folder: Path) -> None:
    printer = next((one for one in hall.printers if one.id == printer_id), None)
    if printer is None:
        raise click.ClickException(f"the hall's file has no printer {printer_id}")
    try:
        state = printers.send(printer, _test_ticket(hall), folder)
    except printers.PrinterFault as fault:
        raise click.ClickException(f"not printed, {fault.state}: {fault}") from fault
    click.echo(f"printed; the printer is {state}")


def _test_ticket(hall: Hall) -> Image.Image:
    now = time.time_ns() // 1_000_000
    ticket = Ticket(
        hall.name, hall.zone, "A000", (_TEST,), now, ahead=0, wait=(5, 10), notice=hall.notice, language="en"
    )
    return draw(layout(ticket))
