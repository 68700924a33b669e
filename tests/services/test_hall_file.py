"""A hall's file: what is wrong is told with its line and key, and nothing half-read is ever used."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from hall.domain.errors import BadHallFile
from hall.services import hall_file

EXAMPLE = Path(__file__).parents[2] / "examples/changshou/hall.toml"
GOOD = """\
[hall]
id = "town"
name = { zh = "大厅", en = "Hall" }
zone = "Asia/Shanghai"
outcomes = ["done", "papers_missing"]

[hours]
mon = ["08:30-11:30", "13:00-16:30"]

[policy]
grace = 10

[policy.head_start]
green = 60

[[lines]]
id = "a"
letter = "A"
name = { zh = "甲" }

[[lines]]
id = "b"
letter = "B"
name = { zh = "乙" }
contingent = 40

[[services]]
id = "card"
line = "a"
name = { zh = "卡" }
minutes = 8
materials = [{ id = "id-card", name = { zh = "身份证" } }]

[[windows]]
id = "w1"
label = "1"
lines = ["a", "b"]

[[groups]]
id = "aged"
name = { zh = "老人" }
proof = "card"
from_age = 80

[[days]]
date = 2026-10-01
"""


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def refused(text: str) -> dict[str, object]:
    with pytest.raises(BadHallFile) as refusal:
        hall_file.parse(text)
    assert refusal.value.facts["why"]
    return refusal.value.facts


def test_a_good_file_is_read_and_written_without_a_loss() -> None:
    hall = hall_file.parse(GOOD)
    assert [line.contingent for line in hall.lines] == [None, 40]
    assert hall_file.from_data(hall_file.as_data(hall)) == hall


def test_the_example_is_a_good_file() -> None:
    hall = hall_file.parse(EXAMPLE.read_text("utf-8"))
    assert (hall.bound, len(hall.windows)) == (60, 7)
    assert {service.line for service in hall.services} == {line.id for line in hall.lines}


#: what stands there → what is written instead → the key that is named
BROKEN = [
    ('id = "town"', 'id = "Town Hall"', "id"),
    ('id = "town"', 'id = "t{own}"', "id"),
    ('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', "zone"),
    ('zone = "Asia/Shanghai"', "zone = 8", "zone"),
    ('zone = "Asia/Shanghai"', 'zome = "Asia/Shanghai"', "zome"),
    ('outcomes = ["done", "papers_missing"]', "outcomes = []", "outcomes"),
    ('outcomes = ["done", "papers_missing"]', 'outcomes = ["gone"]', "outcomes"),
    ('mon = ["08:30-11:30", "13:00-16:30"]', 'mon = ["08:30"]', "hours"),
    ('mon = ["08:30-11:30", "13:00-16:30"]', 'monday = ["08:30-11:30"]', "hours.monday"),
    ("grace = 10", "grace = -1", "policy"),
    ("grace = 10", 'grace = "ten"', "policy.grace"),
    ("grace = 10", "grace = 100000000000000000", "policy"),
    ("grace = 10", "graze = 10", "policy.graze"),
    ("green = 60", "green = -60", "policy.head_start"),
    ("green = 60", "green = 1.5", "policy.head_start.green"),
    ('letter = "B"', 'letter = "A"', "lines.2.letter"),
    ('letter = "B"', 'letter = "Ä"', "lines.2"),
    ('letter = "B"', 'letter = "BB"', "lines.2"),
    ("contingent = 40", "contingent = 0", "lines.2"),
    ("contingent = 40", "contingent = 40.5", "lines.2.contingent"),
    ('id = "b"', 'id = "a"', "lines.2.id"),
    ('name = { zh = "乙" }', 'name = { en = "B" }', "lines.2.name.zh"),
    ('name = { zh = "乙" }', 'name = "B"', "lines.2.name"),
    ('line = "a"', 'line = "z"', "services.1.line"),
    ("minutes = 8", "minutes = 0", "services.1"),
    ("minutes = 8", "minutes = nan", "services.1"),
    ("minutes = 8", "minutes = inf", "services.1"),
    ('materials = [{ id = "id-card"', 'materials = [{ ido = "id-card"', "services.1.materials.1.ido"),
    ('lines = ["a", "b"]', 'lines = ["a", "z"]', "windows.1.lines"),
    ('lines = ["a", "b"]', 'lines = ["a", "b"]\nkind = "vip"', "windows.1.kind"),
    ("from_age = 80", "", "groups.1"),
    ("from_age = 80", "from_age = 80\nhead_start = -5", "groups.1"),
    ("date = 2026-10-01", "date = 2026-13-01", ""),
    ("date = 2026-10-01", 'date = "soon"', "days.1.date"),
    ("date = 2026-10-01", 'date = 2026-10-01\nhours = ["9-12"]', "days.1"),
]


@pytest.mark.parametrize(("good", "bad", "key"), BROKEN, ids=[f"{bad or 'no ' + good}" for good, bad, _ in BROKEN])
def test_a_wrong_entry_is_told_with_its_line_and_key(good: str, bad: str, key: str) -> None:
    assert GOOD.count(good) == 1
    text = GOOD.replace(good, bad)
    facts = refused(text)
    assert facts["key"] == key
    # The line of the key, or the header of its entry when the whole entry is wrong.
    wrong = line_of(GOOD, good)
    header = max(n for n, line in enumerate(text.splitlines(), 1) if n <= wrong and line.startswith("["))
    assert header <= int(str(facts["line"])) <= wrong + bad.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hall = 3",
        "hall = []",
        "[hall]\nid = ",
        "[[hall]]\nid = 'x'",
        GOOD + "\n[[lines]]\nid = 'c'\n",
        GOOD + "\n[extra]\n",
        GOOD.replace("[[lines]]", "[lines]", 1),
        GOOD.replace('[hours]\nmon = ["08:30-11:30", "13:00-16:30"]', "hours = 5"),
        "\x00",
        "lines = [[[[[]]]]]",
        GOOD + '\n[[windows]]\nid = "w1"\nlabel = "again"\nlines = ["a"]\n',
    ],
)
def test_whatever_stands_in_the_file_is_refused_and_not_an_accident(text: str) -> None:
    facts = refused(text)
    assert 1 <= int(str(facts["line"])) <= len(text.splitlines()) + 1


def test_an_endless_service_time_is_no_number_for_anybody() -> None:
    assert math.isfinite(hall_file.parse(GOOD).services[0].minutes)
