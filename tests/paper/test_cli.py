"""What the person who connects a printer sees."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from hall import cli_paper
from hall.bootstrap import Sanban
from tests.paper.conftest import PaperHall


@pytest.fixture
def cli(paper_hall: PaperHall) -> click.Group:
    group = click.Group()

    def services() -> Sanban:
        return paper_hall.sanban

    cli_paper.register(group, services, lambda _, hall_id: hall_id or paper_hall.id)
    return group


def test_every_printer_is_named_with_its_state(cli: click.Group) -> None:
    answer = CliRunner().invoke(cli, ["printers"])
    assert (answer.exit_code, answer.output) == (0, "front  network  ok\n")


def test_a_printer_that_cannot_print_is_named_with_the_reason(paper_hall: PaperHall, cli: click.Group) -> None:
    paper_hall.printer.unplug()
    answer = CliRunner().invoke(cli, ["printers"])
    assert answer.exit_code == 1
    assert answer.output.startswith("front  network  offline  ") and "refused" in answer.output


def test_a_test_ticket_is_printed(paper_hall: PaperHall, cli: click.Group) -> None:
    answer = CliRunner().invoke(cli, ["printers", "--test", "front"])
    assert answer.exit_code == 0 and "printed" in answer.output
    assert len(paper_hall.printer.printed) == 1


def test_a_test_that_does_not_come_out_says_why(paper_hall: PaperHall, cli: click.Group) -> None:
    paper_hall.printer.trouble.paper = "out"
    answer = CliRunner().invoke(cli, ["printers", "--test", "front"])
    assert answer.exit_code == 1 and "paper_out" in answer.output
    assert CliRunner().invoke(cli, ["printers", "--test", "nowhere"]).exit_code == 1


def test_a_hall_without_printers_is_told_where_to_read(paper_hall: PaperHall, cli: click.Group) -> None:
    paper_hall.save(printers=())
    answer = CliRunner().invoke(cli, ["printers"])
    assert answer.exit_code == 1 and "docs/paper.md" in answer.output
