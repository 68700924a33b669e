"""`make upgrade`, as docs/operations.md tells it: a backup, the next version, and the same hall."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.serving import ROOT, Serving

pytestmark = pytest.mark.long
_APP = ("app.py", "Makefile", "requirements.lock", "hall", "kiosk", "display", "workers", "examples")
_HALL = "/api/v1/halls/changshou"


def git(at: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Sanban", "-c", "user.email=sanban@example.org")
    return subprocess.run(["git", *who, *arguments], cwd=at, stdout=subprocess.PIPE, text=True, check=True).stdout


def published(origin: Path) -> None:
    """The project as it is here, in a repository of its own."""
    for name in _APP:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, origin / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, origin / name)
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "--message=now")


def test_make_upgrade_backs_up_fetches_the_next_version_and_keeps_every_number(tmp_path: Path) -> None:
    origin, here = tmp_path / "origin", tmp_path / "here"
    origin.mkdir()
    published(origin)
    git(tmp_path, "clone", "--quiet", str(origin), str(here))
    # The packages are those of this run: older than them, the list of packages asks for no others.
    (here / ".venv").symlink_to(Path(sys.executable).parents[1])
    os.utime(here / "requirements.lock", (0, 0))

    serving = Serving(tmp_path, root=here).start()
    try:
        upgraded(serving, origin)
    finally:
        serving.stop()


def upgraded(serving: Serving, origin: Path) -> None:
    token = {"Authorization": f"Bearer {serving.cli('token', 'add', '--role', 'manager')}"}
    wish = {"services": ["social-card"], "override": "a test has no opening hours"}
    taken = serving.browser().ask("POST", f"{_HALL}/tickets", wish, **token)
    assert taken.status == 201
    number = taken.json()["number"]

    (origin / "hall" / "next.py").write_text("# of the next version\n")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "--message=next")
    done = subprocess.run(
        ["make", "upgrade"], cwd=serving.root, env=serving.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (serving.root / "hall" / "next.py").exists()
    assert len(list((serving.directory / "var" / "backups").glob("*.backup"))) == 1

    serving.interrupt()
    serving.start()
    found = serving.browser().ask("GET", f"{_HALL}/tickets/{number}", **token)
    assert (found.status, found.json()["number"]) == (200, number)
