"""The shipped fonts, and what happens to a character they lack."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from hall.paper import ticket
from hall.paper.font import covered, drawable, missing
from hall.paper.make_fonts import PAGES, PAPER, gb2312
from tests.paper.test_ticket import PLAIN, said

RARE = "𠮷"  # outside GB 2312, found in names


def test_the_fonts_have_all_of_gb_2312_and_ascii() -> None:
    assert not gb2312() - covered()
    assert len(gb2312()) == 7445
    assert not set(range(0x20, 0x7F)) - covered()


@pytest.mark.parametrize("folder", [PAPER, PAGES])
def test_the_shipped_files_are_those_whose_hashes_are_kept(folder: Path) -> None:
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()]
    sums = {name: digest for digest, name in lines}
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("Noto*")}
    assert files == sums and len(files) == 2
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text("utf-8")


def test_a_missing_glyph_is_named_in_the_log_and_on_the_paper() -> None:
    with structlog.testing.capture_logs() as logs:
        assert drawable(f"王{RARE}") == "王[U+20BB7]"
    assert [entry["event"] for entry in logs] == ["no glyph for U+20BB7"]
    assert missing(f"王{RARE}{RARE}") == ["U+20BB7"]


def test_a_rare_character_never_becomes_an_empty_box() -> None:
    sheet = ticket.layout(replace(PLAIN, notice=replace(PLAIN.hall, zh=f"请{RARE}到窗口")))
    assert "请[U+20BB7]到窗口" in said(sheet)
    assert all(not missing(box.text) for box in sheet.boxes if box.kind == "text")
