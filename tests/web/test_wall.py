"""The sheet for the wall says what the settings say, in both languages, and the manager's guide quotes it."""

from __future__ import annotations

import html
from pathlib import Path

from flask_babel import force_locale

from hall.domain.callers import Caller
from hall.domain.policy import HeadStart, Policy
from hall.web.promise import sentences
from hall.web.texts import CHINESE, ENGLISH
from tests.driver import live_hall, small_hall
from tests.web.conftest import Site

GUIDE = Path(__file__).resolve().parents[2] / "docs/policy.md"


def test_the_managers_guide_quotes_the_wall_with_the_default_settings(site: Site) -> None:
    quoted = GUIDE.read_text("utf-8").split("<!-- wall:")[1].split("-->\n")[1].split("\n\n")[0]
    with site.app.test_request_context():
        for locale in (CHINESE, ENGLISH):
            with force_locale(locale):
                said = sentences(small_hall("any"))
            glue = "" if locale == CHINESE else " "
            assert f"> {glue.join(said)}" in quoted.splitlines()


def test_the_sheet_has_the_numbers_of_this_halls_settings(site: Site) -> None:
    policy = Policy(head_start=HeadStart(green=35, appointment=50), grace=7)
    site.sanban.halls.save(live_hall(site.id, policy=policy), Caller(by="test"))
    sheet = html.unescape(site.nobody().get(f"/wall/{site.id}").text)
    for number in ("35", "50", "57"):
        assert sheet.count(number) >= 2


def test_a_hall_that_does_not_exist_has_no_sheet(site: Site) -> None:
    assert site.nobody().get("/wall/nowhere").status_code == 404
