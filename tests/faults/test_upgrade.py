"""Old and new code side by side, as during an upgrade of several machines: scripts of two versions in one store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.store.embedded import EmbeddedServer
from tests.faults import figures
from tests.faults.conftest import MakeSite
from tests.faults.site import LIMITS
from tests.system.serving import ROOT, Serving

pytestmark = pytest.mark.long
#: what the next version changes: every script is another one, tickets have a field more, and every move tells one thing
#: more that the old code has never heard of
_CHANGES = {
    "hall/store/lua/prelude/9_envelope.lua": (
        "  if last_entry then\n",
        "  if last_entry then\n    journal('of_the_next_version', {about = 'nobody'})\n",
    ),
    "hall/store/lua/prelude/6b_issue.lua": ("arrived = now,", "arrived = now, made_by = 'the next version',"),
}
_APP = ("app.py", "hall", "kiosk", "display", "workers", "examples", "bench")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    store = EmbeddedServer(tmp_path / "store").start()
    yield store
    store.stop()


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The code of a version to come."""
    root = tmp_path / "next"
    root.mkdir()
    for name in _APP:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "results"))
        else:
            shutil.copy(source, root / name)
    for name, (old, new) in _CHANGES.items():
        text = (root / name).read_text("utf-8")
        assert old in text, f"{name} has changed: change this test"
        (root / name).write_text(text.replace(old, new, 1), "utf-8")
    return root


def test_old_and_new_code_serve_one_hall_until_the_old_one_has_gone(
    make_site: MakeSite, server: EmbeddedServer, next_version: Path, tmp_path: Path
) -> None:
    shared = {"SANBAN_REDIS_URL": server.url, "SANBAN_ARCHIVE_URL": f"sqlite:///{tmp_path / 'archive.sqlite'}"}
    site = make_site(store=server.url, settings=shared)
    key = (tmp_path / "var" / "secret_key").read_text()
    home = tmp_path / "machine2"
    home.mkdir()
    settings = {**shared, "SANBAN_SECRET_KEY": key, "SANBAN_LIMITS": LIMITS, "SANBAN_WEB_WORKERS": "2"}
    new = Serving(home, settings, next_version)
    try:
        new.start()
        site.crowd.doors.append(new.port)
        site.await_answers(200)
        # requests that were answered by one are asked again of the other
        for _ in range(5):
            site.street.cut()
            site.await_refusals("no answer", 2)
            site.street.heal()
            site.recover()
        assert site.serving.interrupt() < 10
        site.crowd.doors.remove(site.street.port)
        site.network.turn_to(new.port)
        site.recover()
        site.await_answers(50)
        site.await_job()
        assert site.complaints() == []
    finally:
        new.stop()
    made = [entry.ticket for entry in site.sanban.store.journal.after("faults", "0-0", 100_000) if entry.ticket]
    assert {ticket.get("made_by") for ticket in made} == {None, "the next version"}, "both have issued numbers"
    figures.keep("old and new code side by side", site.figures())
