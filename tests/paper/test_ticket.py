"""What stands on a ticket and on a slip, read from the layout; the picture is looked at by people."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

import pytest

from hall.domain.texts import Text
from hall.paper import slip, ticket
from hall.paper.font import BOLD, REGULAR, font
from hall.paper.sheet import INNER, MARGIN, WIDTH, Box, Sheet, balanced, draw, line_height, width_of, wrap
from hall.paper.slip import Item, Paper, Slip
from hall.paper.ticket import Ticket

ZONE = "Asia/Shanghai"
AT = int(datetime(2026, 11, 25, 9, 32, tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)
HALL = Text(zh="长寿路街道社区事务受理服务中心", en="Changshou Road Sub-district Community Affairs Centre")
CARD = Text(zh="社保卡申领、补领", en="Social security card: apply or replace")
NOTICE = Text(zh="优抚对象、残疾人可走绿色通道，请在窗口出示证件。", en="Green channel: show your document.")
URL = "https://hall.example.org/t/changshou.0000000123.AAAAAAAAAAAAAAAAAAAAAA"
PLAIN = Ticket(hall=HALL, zone=ZONE, number="A012", services=(CARD,), issued_at=AT)
FULL = replace(PLAIN, ahead=12, wait=(20, 35), slot=AT, declared=True, url=URL, notice=NOTICE, language="en", copy=2)
SLIP = Slip(
    hall=HALL,
    zone=ZONE,
    printed_at=AT,
    items=(
        Item(
            CARD,
            (
                Paper(Text(zh="居民身份证", en="Identity card"), have=True),
                Paper(Text(zh="证件照一张", en="One photo"), note=Text(zh="可现场拍摄", en="Can be taken here")),
            ),
            outcome=Text(zh="当场受理", en="Accepted on the spot"),
        ),
    ),
    code="sanban:services:social-card",
)


@cache
def every_sheet() -> list[Sheet]:
    return list(_sheets())


def _sheets() -> Iterator[Sheet]:
    choices = {
        "ahead": (None, 0, 12, 1234),
        "wait": (None, (5, 10), (120, 180)),
        "declared": (False, True),
        "url": (None, URL, "https://" + "a" * 150 + ".example.org/t/x"),
        "language": ("zh", "en"),
        "number": ("A012", "W10234"),
    }
    for values in itertools.product(*choices.values()):
        yield ticket.layout(replace(PLAIN, **dict(zip(choices, values, strict=True))))  # type: ignore[arg-type]
    yield ticket.layout(replace(FULL, services=(CARD,) * 5))
    for language, keeps in itertools.product(("zh", "en"), (False, True)):
        yield slip.layout(replace(SLIP, language=language, keeps_place=keeps, number="C007" if keeps else None))


def texts(sheet: Sheet) -> list[str]:
    return [box.text for box in sheet.boxes if box.kind == "text"]


def said(sheet: Sheet) -> str:
    return " ".join(texts(sheet))


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_nothing_on_any_sheet_overlaps_or_leaves_the_paper() -> None:
    count = 0
    for sheet in every_sheet():
        count += 1
        solid = [box for box in sheet.boxes if box.kind != "frame"]
        for one, other in itertools.combinations(solid, 2):
            assert not overlap(one, other), (one, other)
        for box in sheet.boxes:
            assert box.x >= 0 and box.x + box.width <= WIDTH, box
            assert box.y >= 0 and box.y + box.height <= sheet.height, box
            assert box.kind == "qr" or (box.x >= MARGIN and box.x + box.width <= WIDTH - MARGIN), box
    assert count > 100


def test_ink_stays_inside_the_boxes() -> None:
    sheet = ticket.layout(FULL)
    image = draw(sheet)
    for box in sheet.boxes:
        image.paste(255, (box.x, box.y, box.x + box.width, box.y + box.height))
    assert image.getextrema() == (255, 255)


def test_nothing_is_printed_smaller_than_three_millimetres() -> None:
    for sheet in every_sheet():
        assert all(box.size >= 24 for box in sheet.boxes if box.kind == "text")


def test_the_number_is_much_the_largest() -> None:
    sizes = sorted((box.size, box.text) for box in ticket.layout(FULL).boxes if box.kind == "text")
    assert sizes[-1][1] == "A012"
    assert sizes[-1][0] > 3 * sizes[-2][0]


def test_a_ticket_says_number_service_place_wait_and_time() -> None:
    words = said(ticket.layout(replace(PLAIN, ahead=12, wait=(20, 35))))
    for part in ("A012", "社保卡申领、补领", "前面还有", "12人", "预计等候", "20–35分钟", "2026-11-25 09:32"):
        assert part in words


def test_what_is_not_known_is_left_out() -> None:
    words = said(ticket.layout(PLAIN))
    assert "预计等候" not in words and "前面还有" not in words
    assert not [box for box in ticket.layout(PLAIN).boxes if box.kind == "qr"]


def test_english_stands_under_the_chinese_only_when_it_is_asked_for() -> None:
    chinese, english = ticket.layout(replace(FULL, language="zh")), ticket.layout(FULL)
    assert not [text for text in texts(chinese) if "number" in text or "window" in text]
    assert texts(english).index("社保卡申领、补领") < texts(english).index("Social security card: apply or replace")


def test_a_declared_group_is_said_in_neutral_words_in_a_frame() -> None:
    sheet = ticket.layout(replace(PLAIN, declared=True))
    frame = next(box for box in sheet.boxes if box.kind == "frame")
    inside = next(box for box in sheet.boxes if box.text == "请在窗口出示证件")
    assert overlap(frame, inside) and frame.y < inside.y


def test_a_reprint_says_so_and_the_first_print_does_not() -> None:
    assert "补打第2次" in said(ticket.layout(replace(PLAIN, copy=2)))
    assert "补打" not in said(ticket.layout(PLAIN))


def test_the_code_has_six_dots_a_module_and_a_quiet_zone_of_four() -> None:
    box = next(box for box in ticket.layout(FULL).boxes if box.kind == "qr")
    assert box.text == URL
    assert box.size == 6 and box.width == len(box.modules) * 6
    quiet = [*box.modules[:4], *box.modules[-4:], *(row[:4] + row[-4:] for row in box.modules)]
    assert not any(any(row) for row in quiet)


def test_a_slip_ticks_what_is_there_and_puts_what_is_missing_first() -> None:
    sheet = slip.layout(SLIP)
    words = texts(sheet)
    assert words.index("证件照一张") < words.index("居民身份证")
    assert [box.kind for box in sheet.boxes if box.kind in ("tick", "empty")] == ["empty", "tick"]
    assert next(box for box in sheet.boxes if box.text == "证件照一张").bold
    assert next(box for box in sheet.boxes if box.kind == "qr").text == SLIP.code


def test_a_slip_from_a_window_promises_the_place() -> None:
    assert "保留排队位置" in said(slip.layout(replace(SLIP, keeps_place=True)))
    assert "保留" not in said(slip.layout(SLIP))


@pytest.mark.parametrize(
    "text",
    ["请在窗口出示证件，谢谢（含复印件）。", "Take a number, please; wait (here) for it.", "https://" + "x" * 90],
)
def test_lines_fit_and_break_where_a_reader_expects_it(text: str) -> None:
    lines = wrap(text, 30, 190)
    assert all(width_of(line, 30) <= 190 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。）;," or line[-1] in "（("]


def test_what_stands_in_the_middle_leaves_no_single_word_on_its_last_line() -> None:
    text = "Please show your document at the window"
    assert wrap(text, 26, 460) == ["Please show your document at the", "window"]
    assert balanced(text, 26, 460) == ["Please show your", "document at the window"]
    assert balanced("Short", 26, 460) == ["Short"]


def test_a_text_is_as_wide_as_the_font_says() -> None:
    for text in ("请在窗口出示证件", "AVATAR To. 12:30", "80岁 A012 – Ty"):
        for bold in (False, True):
            face = font(BOLD if bold else REGULAR, 26)
            assert width_of(text, 26, bold=bold) == ceil(face.getlength(text))


def test_a_paragraph_is_as_high_as_its_lines() -> None:
    sheet = ticket.layout(replace(PLAIN, notice=Text(zh="字" * 60)))
    rows = [box for box in sheet.boxes if set(box.text) == {"字"}]
    assert len(rows) == -(-60 * 26 // INNER)
    assert {below.y - above.y for above, below in itertools.pairwise(rows)} == {line_height(26)}
