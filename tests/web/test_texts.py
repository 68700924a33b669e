"""Every text of every page is in the catalogues, in both languages, and says the same with the same facts."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask_babel import gettext

from hall.domain.errors import SignInNeeded
from hall.web import texts, texts_check
from tests.web.conftest import Site

CHINESE_LETTER = re.compile(r"[㐀-鿿]")
PLACEHOLDER = re.compile(r"%\(\w+\)s")
#: what a language or the product calls itself stays as it is everywhere
NAMES = ("中文", "English", "Sanban 三办", "Sanban")
#: what the console's keys are called on every keyboard
KEYS = re.compile(r"^(F\d+|Ctrl [A-Z]\w*|/)$")


def scripts() -> list[Path]:
    return [path for package in texts.PACKAGES for path in (texts.ROOT / package / "static/js").glob("*.js")]


def templates() -> list[Path]:
    return [path for package in texts.PACKAGES for path in (texts.ROOT / package / "templates").glob("*.html")]


def _compile(root: Path, start: Any) -> None:
    texts.ROOT = root
    start.wait()
    texts.compile_catalogues()


def test_processes_that_start_at_once_find_their_texts(tmp_path: Path) -> None:
    """On a new machine every one of them makes the catalogues."""
    for package in texts.PACKAGES:
        there = texts.catalogue(package)
        here = tmp_path / there.relative_to(texts.ROOT)
        here.parent.mkdir(parents=True)
        here.write_bytes(there.read_bytes())
    context = multiprocessing.get_context("fork")
    start = context.Barrier(4)
    made = [context.Process(target=_compile, args=(tmp_path, start)) for _ in range(4)]
    for one in made:
        one.start()
    for one in made:
        one.join(60)
    assert [one.exitcode for one in made] == [0] * 4
    left = Counter(path.suffix for path in tmp_path.rglob("messages*"))
    assert left == {".po": len(texts.PACKAGES), ".mo": len(texts.PACKAGES)}


def test_every_text_of_the_pages_has_its_chinese() -> None:
    assert texts_check.missing() == {}


def test_no_catalogue_keeps_a_text_that_no_page_uses() -> None:
    assert texts_check.unused() == []


@pytest.mark.parametrize("package", texts.PACKAGES)
def test_both_languages_have_the_same_places_for_facts(package: str) -> None:
    different = {
        text: chinese
        for text, chinese in texts_check.known(package).items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(chinese))
    }
    assert different == {}


@pytest.mark.parametrize("package", texts.PACKAGES)
def test_a_page_brings_every_text_of_its_scripts(site: Site, package: str) -> None:
    with site.app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        block = str(texts.texts_json(package)).partition(">")[2].removesuffix("</script>")
    used = {text for text, place in texts_check.used(package).items() if ".js:" in place}
    assert used <= json.loads(block).keys()


@pytest.mark.parametrize("package", texts.PACKAGES)
def test_the_chinese_is_chinese(package: str) -> None:
    assert [text for text, chinese in texts_check.known(package).items() if not CHINESE_LETTER.search(chinese)] == []


@pytest.mark.parametrize("path", [*scripts(), *templates()], ids=lambda path: path.name)
def test_no_chinese_stands_in_code(path: Path) -> None:
    code = path.read_text("utf-8")
    for name in NAMES:
        code = code.replace(name, "")
    code = code.replace("[㐀-鿿]", "")
    assert [line.strip() for line in code.splitlines() if CHINESE_LETTER.search(line)] == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_english_stands_in_templates(path: Path) -> None:
    """Words between tags, or in attributes that are read out, come from the catalogue."""
    page = re.sub(r"\{% block (?:root|body_class) %\}.*?\{% endblock %\}", "", path.read_text("utf-8"), flags=re.S)
    page = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", "\0", page, flags=re.S)
    between = re.findall(r">([^<>]+)<", page)
    attributes = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', page)
    found = [text.strip() for part in [*between, *attributes] for text in part.split("\0")]
    assert [text for text in found if re.search(r"[A-Za-z]{2,}", text) and text not in NAMES] == []


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_no_english_sentence_stands_in_scripts(path: Path) -> None:
    """A literal with words and spaces is a text; only t("…") may hold one."""
    code = re.sub(r"//.*", "", path.read_text("utf-8"))
    said = re.findall(r'(?<![\w$])t\(\s*"([^"]*)"', code)
    prose = [
        text
        for text in re.findall(r'"([^"\n]*)"', code)
        if re.fullmatch(r"[A-Z“][\w’']*( [\w%()“”’',.;?:-]+)+[.?]?", text)
    ]
    assert [text for text in prose if text not in said and not KEYS.match(text)] == []


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_no_text_stands_within_a_template_literal(path: Path) -> None:
    """What looks for texts does not look there, so the catalogue would lack them unnoticed."""
    assert re.findall(r"\$\{[^}`]*\bt\(\"[^\"]*\"", path.read_text("utf-8")) == []


def test_a_page_says_its_own_translation_where_another_page_has_a_different_one(site: Site) -> None:
    """ "Did not come" is a number that was missed at the console, and something else elsewhere."""
    seen = {}
    for blueprint, package in (("console", "hall/console"), ("office_pages", "hall/office"), ("kiosk", "kiosk")):
        known = texts_check.known(package)
        rules = (rule for rule in site.app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
        rule = next(rule for rule in rules if rule.endpoint.startswith(f"{blueprint}."))
        with site.app.test_request_context(rule.rule):
            with suppress(SignInNeeded):  # the catalogue is chosen before anybody is asked who they are
                site.app.preprocess_request()
            for text, chinese in known.items():
                assert gettext(text) == chinese, (package, text)
        seen[package] = known
    pairs = [(one, other) for one in seen.values() for other in seen.values()]
    mixed_up = {text for one, other in pairs for text in one if other.get(text, one[text]) != one[text]}
    assert mixed_up, "nothing here could have been mixed up"
