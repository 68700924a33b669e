"""python -m hall voice …"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hall.__main__ import cli
from hall.domain.halls import Window
from hall.domain.voice import Voice
from tests.driver import KEY, Driver


@pytest.fixture
def hall_with_a_desk(hall: Driver, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.setenv("SANBAN_REDIS_URL", store_url)
    monkeypatch.setenv("SANBAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    hall.change(voice=Voice(on=True), windows=(Window("w1", "1", ("a",)), Window("desk", "咨询台", ("a",))))
    return hall


def ask(*words: str) -> str:
    answer = CliRunner().invoke(cli, words)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_every_clip_is_listed_with_its_words_and_its_file(hall_with_a_desk: Driver, tmp_path: Path) -> None:
    own = tmp_path / "voice" / hall_with_a_desk.id / "zh" / "qing.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"RIFF")
    rows = [line.split() for line in ask("voice", "list", "--hall", hall_with_a_desk.id).splitlines()]
    assert ["zh", "qing", "请", str(own)] in rows
    assert ["zh", "window-desk", "咨询台", "(missing)"] in rows
    assert [row[:3] for row in rows if row[:2] == ["en", "window"]] == [["en", "window", "window"]]


def test_labels_are_rendered_at_once_and_once(hall_with_a_desk: Driver) -> None:
    assert ask("voice", "render", "--hall", hall_with_a_desk.id) == "2 clips made.\n"
    assert ask("voice", "render", "--hall", hall_with_a_desk.id) == "0 clips made.\n"
    assert "(missing)" not in ask("voice", "list", "--hall", hall_with_a_desk.id)


def test_a_display_is_paired_for_a_place(hall_with_a_desk: Driver) -> None:
    link = ask("pair", "--hall", hall_with_a_desk.id, "--place", "east", "display").strip()
    facts = hall_with_a_desk.access.look_at_code(link.rpartition("/")[2], "pair")
    assert facts["place"] == "east"
