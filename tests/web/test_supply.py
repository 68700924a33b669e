"""What we ship of others is what we looked at, with the licence we say."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests import supply

#: beside the files themselves
_TEXTS = re.compile(r"(README\.md|SHA256SUMS|OFL\.txt|.*LICENSE.*)")


def tracked() -> list[str]:
    """Every file in a directory of others' files."""
    places = (supply.ROOT / name for name in ("hall", "kiosk", "display", "tests"))
    files = (path.relative_to(supply.ROOT) for place in places for path in place.rglob("*") if path.is_file())
    return sorted(str(path) for path in files if {"vendor", "fonts"} & set(path.parts[:-1]))


def sums() -> dict[str, str]:
    """Path → the digest its directory's SHA256SUMS says."""
    found = {}
    for path in tracked():
        if path.endswith("/SHA256SUMS"):
            for line in (supply.ROOT / path).read_text("utf-8").splitlines():
                digest, name = line.split(maxsplit=1)
                found[f"{path.removesuffix('SHA256SUMS')}{name}"] = digest
    return found


def test_every_file_of_others_is_the_one_we_looked_at() -> None:
    known = sums()
    files = [path for path in tracked() if not _TEXTS.fullmatch(path.rpartition("/")[2])]
    assert len(files) >= 8
    assert sorted(known) == sorted(files)
    for path in files:
        assert hashlib.sha256((supply.ROOT / path).read_bytes()).hexdigest() == known[path], path


def test_every_shipped_file_is_in_the_list_with_its_licence() -> None:
    listed = {f"{one.directory}/{name}" for one in supply.SHIPPED for name in one.files}
    assert listed == {path for path in sums() if not path.startswith("tests/")}
    text = supply.LICENCES.read_text("utf-8")
    for one in supply.SHIPPED:
        assert f"| {one.name} | {one.version} | {one.licence} | `{one.directory}/` |" in text


def test_the_licences_are_those_of_the_installed_packages() -> None:
    told = dict(re.findall(r"^\| `([\w.-]+)` \| (.+) \|$", supply.LICENCES.read_text("utf-8"), re.MULTILINE))
    here = supply.licence_rows()
    assert len(here) > 40
    assert {name: told.get(name) for name in here} == here
    assert set(told) <= set(supply.pinned("requirements.lock"))
    assert "unknown" not in told.values()
    assert not [name for name, licence in told.items() if "AGPL" in licence or "Affero" in licence]


def test_an_audit_fails_on_findings_and_says_what_it_could_not_ask(capsys: pytest.CaptureFixture[str]) -> None:
    fine = {"name": "flask", "version": "3.1", "vulns": []}
    skipped = {"name": "gevent", "skip_reason": "Dependency not found"}
    bad = {"name": "old", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
    assert supply.tell([fine, skipped]) == 0
    assert "1 of 2 packages audited, 0 findings" in capsys.readouterr().out
    assert supply.tell([fine, bad]) == 1
    assert "old 1: PYSEC-1, fixed in 2" in capsys.readouterr().out
