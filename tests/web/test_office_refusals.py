"""Whatever is refused in the office's forms is said in the reader's language, at its field."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.domain.callers import Caller
from hall.office import refusals
from hall.office.fields import Field
from hall.office.parts import PARTS
from hall.services import hall_file
from tests.web.conftest import Asker, Site
from tests.web.test_office_description import EXAMPLE, PAGE, fields_of

ROOT = Path(__file__).resolve().parents[2]
#: what a hall's description is made of
SAYS = (
    *(
        f"hall/domain/{name}.py"
        for name in ("appointments", "calendar", "case_catalogue", "halls", "notices", "office")
    ),
    *(f"hall/domain/{name}.py" for name in ("policy", "printers", "voice", "webhooks")),
    *("hall/services/hall_file.py", "hall/services/case_parts.py"),
)
#: made of other refusals, or never of a description
NOT_THERE = ("7: 7", "'7': 7", "7 is no event")
NONSENSE = ("nonsense", "-7", "")
#: one piece of nonsense is as good as another
CHOSEN = ("yes", "on", "lines", "several", "choice", "line")
#: ids and addresses are the same everywhere; three words are a sentence
SENTENCE = re.compile(r"[A-Za-z']+ +[A-Za-z']+ +[A-Za-z']+")


def texts(path: str) -> Iterator[str]:
    """What a module raises or yields as the reason of a refusal, with 7 for each fact."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        said: ast.expr | None = None
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            called = node.exc.func
            said = node.exc.args[0] if isinstance(called, ast.Name) and called.id == "ValueError" else None
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            said = node.value.elts[1]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield said.value
        elif isinstance(said, ast.JoinedStr):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "'7'" if one.conversion == ord("r") else "7"
                for one in said.values
                if isinstance(one, ast.Constant | ast.FormattedValue)
            )


@pytest.mark.parametrize("path", SAYS)
def test_everything_a_description_is_refused_for_has_words_for_people(path: str) -> None:
    assert [text for text in texts(path) if text not in NOT_THERE and refusals.known(text) is None] == []


@pytest.fixture
def boss(site: Site) -> Asker:
    example = hall_file.as_data(hall_file.parse(EXAMPLE.read_text("utf-8")))
    site.sanban.halls.change(
        site.id, Caller(by="test"), lambda _: hall_file.from_data({**example, "id": site.id}), "example", "test"
    )
    return site.staff("manager", "boss")


def told(page: str) -> list[str]:
    """What a page says is wrong."""
    found = re.findall(r'class="(?:fault|error)"[^>]*>(.*?)</(?:span|p)>', page, re.S)
    return [html.unescape(one) for one in found]


def typed(field: Field, nonsense: str) -> dict[str, object]:
    if field.kind == "both":
        return {f"{field.name}.zh": nonsense and "\u202e", f"{field.name}.en": nonsense}
    return {field.name: [nonsense] if field.kind in ("lines", "several") else nonsense}


@pytest.mark.parametrize("name", PARTS)
def test_no_nonsense_in_any_field_is_answered_in_english_on_the_chinese_page(boss: Asker, name: str) -> None:
    part = PARTS[name]
    query = {"part": name, "lang": "zh"} | ({"id": "+"} if part.many else {})
    sent = fields_of(boss.client.get(PAGE, query_string=query).text)
    refused = 0
    for field in part.fields:
        for nonsense in NONSENSE[:1] if field.kind in CHOSEN else NONSENSE:
            answer = boss.client.post(f"{PAGE}?lang=zh", data={**sent, "look": "1", **typed(field, nonsense)})
            assert answer.status_code in (200, 422), (field.name, nonsense)
            refused += answer.status_code == 422
            said = told(answer.text)
            assert bool(said) == (answer.status_code == 422), (field.name, nonsense)
            assert [one for one in said if SENTENCE.search(one)] == [], (field.name, nonsense)
    assert refused, "nothing here could have been refused"


def test_a_refusal_stands_at_the_field_it_speaks_of_and_calls_it_by_its_name(boss: Asker) -> None:
    sent = fields_of(boss.client.get(f"{PAGE}?part=services&id=hospital-plan&lang=zh").text)
    page = boss.client.post(f"{PAGE}?lang=zh", data={**sent, "look": "1", "minutes": "-1"}).text
    (fault,) = re.findall(r'id="fault-minutes">(.*?)<', page)
    assert "须大于 0" in fault and "minutes" not in fault
    sent = fields_of(boss.client.get(f"{PAGE}?part=hours&lang=en").text)
    page = boss.client.post(f"{PAGE}?lang=en", data={**sent, "look": "1", "tue": "early"}).text
    assert "early is not a span of hours" in html.unescape(re.findall(r'id="fault-tue">(.*?)<', page)[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [("zone = ", "zone := "), ('letter = "A"', 'letter = "Ä"'), ("minutes = ", "minuets = "), ("[[lines]]", "[lines]")],
)
def test_a_file_is_refused_in_the_readers_language_too(boss: Asker, old: str, new: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    sent = {"toml": text.replace(old, new, 1), "csrf_token": boss.csrf("/sign-in")}
    page = boss.client.post(f"{PAGE}/import?lang=zh", data=sent, content_type="multipart/form-data")
    assert page.status_code == 422
    assert told(page.text) and not [one for one in told(page.text) if SENTENCE.search(one)]
