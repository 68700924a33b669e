"""The disk that everything is on is full, read-only or slow: refused rather than half done, and nobody has to help."""

from __future__ import annotations

import pytest

from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.machine import Machine

pytestmark = pytest.mark.long


def test_on_a_full_disk_numbers_are_refused_until_there_is_room(make_site: MakeSite, machine: Machine) -> None:
    site = make_site(settings=machine.env)
    for _ in range(3):
        with machine.full_disk():
            site.await_refusals("503 STORE_FULL", 100)
        site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep("disk full", site.figures())


def test_on_a_disk_that_became_read_only_numbers_are_refused_until_it_is_back(
    make_site: MakeSite, machine: Machine
) -> None:
    site = make_site(settings=machine.env)
    for _ in range(3):
        with machine.read_only_disk():
            site.await_refusals("503 STORE_AWAY", 100)
        site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep("disk read-only", site.figures())


@pytest.mark.parametrize("milliseconds", [200, 1000])
def test_a_slow_disk_makes_everybody_wait_and_loses_nothing(
    make_site: MakeSite, machine: Machine, milliseconds: int
) -> None:
    site = make_site(settings=machine.env)
    with machine.slow_disk(milliseconds):
        site.await_answers(20)
    site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep(f"disk {milliseconds} ms late", site.figures())


def test_a_disk_that_is_too_slow_to_work_with_is_a_store_that_is_away(make_site: MakeSite, machine: Machine) -> None:
    """What is refused may be done all the same, seconds later: asked again with its key it has one answer."""
    site = make_site(settings=machine.env)
    with machine.slow_disk(6000):
        site.await_refusals("503 STORE_AWAY", 10)
    site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep("disk 6000 ms late", site.figures())
