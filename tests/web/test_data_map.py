"""docs/privacy.md tells of every key of the store and every column of the archive, and of nothing else."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from hall.archive.tables import metadata
from hall.domain.case_catalogue import CaseRules
from hall.domain.office import Alarms, Retention
from hall.store import keys

MAP = (Path(__file__).resolve().parents[2] / "docs/privacy.md").read_text("utf-8")
NAME = re.compile(r"`([\w:]+)`")


def part(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    text = MAP.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def test_every_key_of_the_store_is_in_the_map_once_and_no_other() -> None:
    named = [name for row in part("The store") for name in NAME.findall(row[0])]
    of_no_hall = {
        value.partition(":%s")[0] for name, value in vars(keys).items() if name.isupper() and isinstance(value, str)
    }
    known = {*keys.TEMPLATES, *of_no_hall}
    assert sorted(named) == sorted(known)


def test_every_column_of_the_archive_is_in_the_map_once_and_no_other() -> None:
    named = [(NAME.findall(row[0])[0], column) for row in part("The archive") for column in NAME.findall(row[1])]
    known = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]
    assert sorted(named) == sorted(known)


def test_every_row_says_what_why_how_long_and_who() -> None:
    for heading in ("The store", "The archive"):
        for row in part(heading):
            assert len(row) == 5, row
            assert all(row), row


def test_the_days_are_the_codes() -> None:
    told = dict(re.findall(r"`(\w+_days)` \((\d+)\)", MAP))
    kept = {field.name: str(field.default) for field in fields(Retention)}
    assert told == kept
    assert f"`cases.keep` days ({CaseRules().keep})" in MAP
    assert f"`privacy_hours` ({Alarms().privacy_hours})" in MAP
    used = set(re.findall(r"`(\w+_days)`", MAP))
    assert used <= set(kept)
