"""Printers of many halls are asked together: one that does not answer costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hall.paper import printer as printers
from tests.paper.conftest import PaperHall
from tests.paper.printer import LoopbackPrinter
from workers import jobs


def test_one_job_asks_the_printers_of_all_halls(
    make_paper_hall: Callable[[LoopbackPrinter], PaperHall], monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackPrinter() as dumb, LoopbackPrinter() as well:
        first, second = make_paper_hall(dumb), make_paper_hall(well)
        for hall in (first, second):
            hall.work()
        dumb.trouble.silent = True
        monkeypatch.setattr(printers, "SECONDS", 5)  # one of the two never answers
        reader = first.reader
        for hall in (first, second):
            reader._watched.clear()
            reader.turn(hall.id)
        reader.watch()
        reader.watch()  # nobody's turn
        (job,) = first.jobs.get_jobs()
        assert job.func_name == "workers.jobs.watch_printers"
        assert set(job.args) == {first.id, second.id}
        job.perform()
        assert (first.state(), second.state()) == ("offline", "ok")


def test_halls_whose_job_still_waits_are_not_asked_for_again(paper_hall: PaperHall) -> None:
    for _ in range(2):
        paper_hall.reader._watched.clear()
        paper_hall.reader.turn(paper_hall.id)
        paper_hall.reader.watch()
    assert [job.args for job in paper_hall.jobs.get_jobs()] == [[paper_hall.id]]


def test_a_hall_that_is_gone_stops_no_other_halls_printers(paper_hall: PaperHall) -> None:
    states = jobs.watch_printers("gone", paper_hall.id)
    assert states == {"gone": {}, paper_hall.id: {"front": "ok"}}
