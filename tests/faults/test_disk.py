"""The disk that everything is on is full, read-only or slow: refused rather than half done, and nobody has to help."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from hall.store.embedded import BALLAST_BYTES
from hall.store.store import FREE_BYTES
from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.machine import Machine

pytestmark = pytest.mark.long
Fill = Callable[[], AbstractContextManager[None]]
#: bytes: so little more than the store insists on that a hall can work there for a while
_SMALL = BALLAST_BYTES + FREE_BYTES + 64 * 1024 * 1024


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


@pytest.fixture
def small_disk(tmp_path: Path, machine: Machine) -> Iterator[tuple[Mapping[str, str], Fill]]:
    """A disk of the data directory's own, small and real, where the system lets us mount one, else the machine's. What
    the installation's environment has more, and what fills it."""
    place = tmp_path / "var"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL}", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        yield machine.env, machine.full_disk
        return
    yield {}, lambda: filled(place)
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """Somebody else's file takes the last byte, until it is removed."""
    other = place / "other"
    with other.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))  # the last one as far as it goes
    try:
        yield
    finally:
        other.unlink()


def test_a_small_disk_that_somebody_fills_is_refused_on_and_used_again(
    make_site: MakeSite, small_disk: tuple[Mapping[str, str], Fill]
) -> None:
    """The second time the store has no ballast left to let go: it is back when there is room."""
    settings, full = small_disk
    site = make_site(settings=settings)
    for _ in range(2):
        with full():
            site.await_refusals("503 STORE_FULL", 50)
        site.recover()
    site.await_job()
    assert site.complaints() == []
    assert site.nobody_helped()
    figures.keep("small disk full", site.figures())


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
