"""A description that would strand somebody who waits is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hall.domain.errors import PartInUse
from tests.driver import Driver


def without_line_b(hall: Driver) -> dict[str, object]:
    return {
        "lines": hall.hall.lines[:1],
        "services": hall.hall.services[:2],
        "windows": tuple(replace(window, lines=("a",)) for window in hall.hall.windows),
    }


def test_a_line_where_somebody_waits_cannot_be_taken_away(hall: Driver) -> None:
    hall.at("09:00").issue("b1")
    with pytest.raises(PartInUse) as refused:
        hall.change(**without_line_b(hall))
    assert refused.value.facts == {"part": "lines.b", "number": "B001"}


def test_an_empty_line_can_be_taken_away(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.change(**without_line_b(hall))
    assert hall.next("w1") == "A001"


def test_a_window_where_somebody_sits_or_is_parked_cannot_be_taken_away(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.next("w3")
    fewer = tuple(window for window in hall.hall.windows if window.id != "w3")
    with pytest.raises(PartInUse):
        hall.change(windows=fewer)
    hall.calls.park(hall.caller(), hall.id, "w3")
    hall.windows.close(hall.caller(), hall.id, "w3")
    with pytest.raises(PartInUse) as refused:
        hall.change(windows=fewer)
    assert refused.value.facts["part"] == "windows.w3"
    hall.calls.unpark(hall.caller(), hall.id, "w1", "A001")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    hall.change(windows=fewer)


def test_a_letter_that_gave_numbers_today_cannot_change_its_line(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.next("w1")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    line_a, line_b = hall.hall.lines
    for lines in ((replace(line_a, letter="X"), line_b), (replace(line_a, letter="B"), replace(line_b, letter="A"))):
        with pytest.raises(PartInUse):
            hall.change(lines=lines)
    hall.at("09:00", "2026-11-25").change(lines=(replace(line_a, letter="B"), replace(line_b, letter="A")))
    assert hall.issue("a1") == "B001"
