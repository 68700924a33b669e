"""The hall's description as forms and as a file: what is typed is what the hall is; what is wrong changes nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from hall.domain.appointments import Offer, Penalty
from hall.domain.calendar import SpecialDay, Week
from hall.domain.callers import Caller
from hall.domain.halls import Hall, Material, Position
from hall.domain.office import Stop
from hall.domain.printers import Printer
from hall.domain.texts import Text
from hall.office.description import differences
from hall.office.parts import PARTS
from hall.services import hall_file
from tests.web.conftest import Asker, Site

PAGE = "/office/description"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples/changshou/hall.toml"


@pytest.fixture
def boss(site: Site) -> Asker:
    return site.staff("manager", "boss")


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = html.unescape(page).split('<form class="card"')[1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input name="([^"]+)" type="\w+" value="([^"]*)"', form):
        sent[name] = value
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        sent[name] = value
    for name, value in re.findall(r'type="checkbox" name="([^"]+)"(?: value="([^"]+)")? checked', form):
        sent.setdefault(name, []).append(value or "on")
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = text
    return sent


def change(boss: Asker, part: str, thing: str | None, **typed: Any) -> tuple[int, str]:
    query = {"part": part, "lang": "en"} | ({"id": thing} if thing else {})
    fields = fields_of(boss.client.get(PAGE, query_string=query).text)
    sent = {**fields, "reason": "because", **{name.replace("__", "."): value for name, value in typed.items()}}
    answer = boss.client.post(PAGE, data={name: value for name, value in sent.items() if value is not None})
    return answer.status_code, answer.text


def test_every_part_has_a_page_for_managers_alone(site: Site, boss: Asker) -> None:
    for part in PARTS:
        assert boss.get(f"{PAGE}?part={part}").status_code == 200
    assert site.program("clerk").get(PAGE).status_code == 403


def test_saving_what_a_form_shows_changes_nothing(site: Site, boss: Asker) -> None:
    """Of every thing of the example hall, with all its texts, papers and hours."""
    example = hall_file.parse(EXAMPLE.read_text("utf-8"))
    hall = site.sanban.halls.change(
        site.id,
        Caller(by="test"),
        lambda _: hall_file.from_data({**hall_file.as_data(example), "id": site.id}),
        "example",
        "test",
    )
    before = hall_file.as_data(hall)
    for name, part in PARTS.items():
        things = [one[part.key] for one in before.get(name, [])] if part.many else [None]
        for thing in things:
            assert change(boss, name, thing)[0] == 302, (name, thing)
            assert hall_file.as_data(site.sanban.halls.get(site.id)) == before, (name, thing)


def test_a_service_is_changed_with_name_and_reason_in_the_journal(site: Site, boss: Asker) -> None:
    papers = "id-card | 身份证 | Identity card\nphoto | 照片 | Photo | 两寸 | 5 cm"
    typed = {"name__zh": "社保卡", "name__en": "Card", "minutes": "7.5", "popular": "on", "search": "sbk card"}
    assert change(boss, "services", "a1", materials=papers, line="b", **typed)[0] == 302
    service = site.sanban.halls.get(site.id).service("a1")
    assert (service.name, service.line, service.minutes, service.popular) == (Text("社保卡", "Card"), "b", 7.5, True)
    assert service.search == ("sbk", "card")
    assert service.materials == (
        Material("id-card", Text("身份证", "Identity card")),
        Material("photo", Text("照片", "Photo"), Text("两寸", "5 cm")),
    )
    entry = [e for e in site.sanban.store.journal.after(site.id, "0-0") if e.kind == "configured"][-1]
    assert (entry.by, entry.facts["what"], entry.facts["reason"]) == ("staff:boss", "services a1", "because")


def test_things_are_added_and_removed(site: Site, boss: Asker) -> None:
    new = {"id": "w9", "label": "9", "lines": ["a", "b"], "kind": "priority"}
    assert change(boss, "windows", "+", **new)[0] == 302
    assert site.sanban.halls.get(site.id).window("w9").lines == ("a", "b")
    assert change(boss, "windows", "w9", remove="1")[0] == 302
    assert "w9" not in {window.id for window in site.sanban.halls.get(site.id).windows}


def test_special_days_hours_and_policy(site: Site, boss: Asker) -> None:
    assert change(boss, "days", "+", date="2026-10-10", like="mon", why="调休")[0] == 302
    assert change(boss, "days", "+", date="2026-10-01", why="国庆")[0] == 302
    days = site.sanban.halls.get(site.id).days
    assert days == (
        SpecialDay(date(2026, 10, 1), why="国庆"),
        SpecialDay(date(2026, 10, 10), why="调休", like="mon"),
    )
    assert change(boss, "hours", None, sat="09:00-11:30 13:00-15:00", sun="")[0] == 302
    assert site.sanban.halls.get(site.id).hours.sat == ("09:00-11:30", "13:00-15:00")
    assert site.sanban.halls.get(site.id).hours.sun == ()
    assert change(boss, "policy", None, head_start__green="50", grace="7")[0] == 302
    policy = site.sanban.halls.get(site.id).policy
    assert (policy.head_start.green, policy.head_start.appointment, policy.grace) == (50, 45, 7)
    assert change(boss, "", None, notice__zh="明日闭馆", notice__en="Closed tomorrow")[0] == 302
    assert site.sanban.halls.get(site.id).notice == Text("明日闭馆", "Closed tomorrow")
    assert change(boss, "", None, notice__zh="", notice__en="")[0] == 302
    assert site.sanban.halls.get(site.id).notice is None


@pytest.mark.parametrize(
    ("part", "thing", "typed", "field"),
    [
        ("services", "a1", {"minutes": "-3"}, "services"),
        ("services", "a1", {"minutes": "many"}, "minutes"),
        ("services", "a1", {"line": "nowhere"}, "line"),
        ("services", "a1", {"name__zh": ""}, "name"),
        ("services", "a1", {"reason": " "}, "reason"),
        ("services", "a1", {"name__zh": "a\u202eb"}, "name"),
        ("services", "+", {"id": "a1", "name__zh": "x"}, "id"),
        ("services", "+", {"id": "A B", "name__zh": "x"}, "id"),
        ("lines", "a", {"letter": "B"}, "letter"),
        ("lines", "a", {"letter": "aa"}, "letter"),
        ("lines", "a", {"remove": "1"}, ""),
        ("lines", "a", {"contingent": "0"}, "contingent"),
        ("windows", "w1", {"kind": "golden"}, "kind"),
        ("groups", "aged", {"from_age": ""}, "from_age"),
        ("days", "+", {"date": "tomorrow"}, "date"),
        ("days", "+", {"date": "2026-10-01", "hours": "9-12"}, "hours"),
        ("hours", None, {"mon": "25:00-26:00"}, "mon"),
        ("lines", "a", {"hours.mon": "25:00-26:00"}, "hours.mon"),
        ("lines", "b", {"appointments.hours.mon": "09:00-10:00", "appointments.capacity": "0"}, ""),
        ("voice", None, {"repeat": "9"}, ""),
        ("alarms", None, {"waiting": "-1"}, ""),
        ("notices", None, {"channels": "pigeon"}, "channels"),
        ("readers", "+", {"id": "x", "url": "http://example.org/", "card": "a"}, ""),
        ("policy", None, {"grace": "-1"}, "grace"),
        ("policy", None, {"head_start__green": "1441"}, "head_start.green"),
        ("", None, {"name__zh": ""}, "name"),
        ("", None, {"notice__en": "English alone"}, "notice"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    site: Site, boss: Asker, part: str, thing: str | None, typed: dict[str, str], field: str
) -> None:
    before = site.sanban.halls.current(site.id)
    status, page = change(boss, part, thing, **typed)
    assert status == 422
    assert 'role="alert"' in page
    assert re.search(r'class="(?:fault|error)"[^>]*>(?!Nothing was)', page), field
    site.sanban.halls.forget(site.id)
    assert site.sanban.halls.current(site.id) == before


def test_what_was_typed_stays_in_the_form_that_was_refused(site: Site, boss: Asker) -> None:
    _, page = change(boss, "services", "a1", name__en="Typed text", minutes="-3")
    assert fields_of(page)["name.en"] == "Typed text"
    assert fields_of(page)["minutes"] == "-3"
    assert fields_of(page)["old"] == "a1"


def test_a_preview_says_what_would_change_and_changes_nothing(site: Site, boss: Asker) -> None:
    before = site.sanban.halls.current(site.id)
    status, page = change(boss, "services", "a1", look="1", name__zh="新名称", minutes="9.5", reason="")
    assert status == 200
    seen = page.split('id="seen"')[1].split("</div>")[0]
    assert "新名称" in seen and "<ins>9.5</ins>" in seen and seen.count("<ins>") == 2
    assert fields_of(page)["minutes"] == "9.5"
    assert change(boss, "services", "a1", look="1", minutes="-1")[0] == 422
    assert "Nothing." in change(boss, "targets", None, look="1")[1]
    site.sanban.halls.forget(site.id)
    assert site.sanban.halls.current(site.id) == before


def test_a_line_has_hours_and_appointments_of_its_own_and_gives_them_up(site: Site, boss: Asker) -> None:
    hours = {"hours.mon": "09:00-11:00", "appointments.hours.tue": "09:00-10:00", "appointments.capacity": "3"}
    more = {"appointments.slot_minutes": "30", "appointments.release": "5 20"}
    assert change(boss, "lines", "b", **hours, **more)[0] == 302
    line = site.sanban.halls.get(site.id).line("b")
    assert line.hours == Week(mon=("09:00-11:00",))
    assert line.appointments == Offer(Week(tue=("09:00-10:00",)), slot_minutes=30, capacity=3, release=(5, 20))
    assert change(boss, "lines", "b", **dict.fromkeys((*hours, "appointments.hours.tue"), ""))[0] == 302
    line = site.sanban.halls.get(site.id).line("b")
    assert (line.hours, line.appointments) == (None, None)


def test_every_setting_has_a_field_and_takes_effect(site: Site, boss: Asker) -> None:
    typed: dict[str, dict[str, Any]] = {
        "booking": {"reminder": "60", "changes": "1"},
        "notices": {"bookings": "on", "channels": "webhook log"},
        "voice": {"on": "on", "languages": "zh en", "repeat": "1"},
        "paper": {"when_back": "drop"},
        "targets": {"ordinary": "15"},
        "alarms": {"longest_wait": "30", "calendar": None},
        "stop": {"before_closing": "on", "reserve": "0"},
        "rating": {"items": "polite | 态度 | Politeness", "follow_up_days": "2"},
        "retention": {"ticket_days": "3"},
    }
    for part, fields in typed.items():
        assert change(boss, part, None, **fields)[0] == 302, part
    new = {"id": "front", "kind": "network", "host": "10.0.0.9", "confirms": None}
    assert change(boss, "printers", "+", **new)[0] == 302
    assert change(boss, "readers", "+", id="card", url="http://localhost:9000/read", card="data.idNumber")[0] == 302
    hall = site.sanban.halls.get(site.id)
    assert (hall.booking.reminder, hall.booking.changes) == (60, 1)
    assert (hall.notices.bookings, hall.notices.channels) == (True, ("webhook", "log"))
    assert (hall.voice.on, hall.voice.languages, hall.voice.repeat) == (True, ("zh", "en"), 1)
    assert (hall.paper.when_back, hall.targets.ordinary) == ("drop", 15)
    assert (hall.alarms.longest_wait, hall.alarms.calendar, hall.alarms.cases) == (30, False, True)
    assert hall.stop == Stop(before_closing=True, reserve=0)
    assert [item.name.zh for item in hall.rating.items] == ["态度"]
    assert hall.retention.ticket_days == 3
    assert (hall.printers[0].host, hall.printers[0].answers, hall.printers[0].confirms) == ("10.0.0.9", True, False)
    assert hall.readers[0].card == "data.idNumber"
    text = boss.get(f"{PAGE}/hall.toml").text
    assert hall_file.as_data(hall_file.parse(text)) == site.sanban.halls.export(site.id)


PATHS = (("/var/lib/sanban/key_ring", 422), ("../key_ring", 422), ("front.bin", 302), ("/dev/usb/lp0", 302))


@pytest.mark.parametrize(("path", "status"), PATHS)
def test_a_printer_writes_to_a_device_or_to_its_own_directory(site: Site, boss: Asker, path: str, status: int) -> None:
    text = boss.get(f"{PAGE}/hall.toml").text + f'\n[[printers]]\nid = "back"\nkind = "file"\npath = "{path}"\n'
    answer, page = bring(boss, text)
    assert (answer, "is no place to print to" in page) == ((422, True) if status == 422 else (200, False))
    assert bring(boss, text, sure="1", reason="new printer")[0] == status
    assert change(boss, "printers", "+", id="front", kind="file", path=path)[0] == status
    assert len(site.sanban.halls.get(site.id).printers) == (0 if status == 422 else 2)


def test_a_path_that_an_older_version_took_does_not_keep_the_hall_from_being_closed(site: Site, manager: Asker) -> None:
    hall = site.sanban.halls.get(site.id)
    old = replace(hall, printers=(Printer("front", "file", path="/var/lib/sanban/key_ring"),))
    site.sanban.halls.save(old, Caller(by="setup"))
    assert manager.post("today/close", {"zh": "停电", "reason": "no power"}).status_code == 200


# As a file -----------------------------------------------------------------------------------


def bring(boss: Asker, text: str, **more: str) -> tuple[int, str]:
    form = {"toml": text, "csrf_token": boss.csrf("/sign-in"), **more}
    answer = boss.client.post(f"{PAGE}/import?lang=en", data=form)
    return answer.status_code, answer.text


def test_the_file_that_is_saved_is_the_hall(site: Site, boss: Asker) -> None:
    text = boss.get(f"{PAGE}/hall.toml").text
    assert hall_file.as_data(hall_file.parse(text)) == site.sanban.halls.export(site.id)
    status, page = bring(boss, text)
    assert status == 200 and "Nothing." in page


def test_a_file_says_first_what_it_would_change(site: Site, boss: Asker) -> None:
    text = boss.get(f"{PAGE}/hall.toml").text.replace('label = "P"', 'label = "Q"')
    status, page = bring(boss, text)
    assert status == 200 and "~p1" in page
    assert site.sanban.halls.get(site.id).window("p1").label == "P"
    assert bring(boss, text, sure="1", reason="")[0] == 422
    assert site.sanban.halls.get(site.id).window("p1").label == "P"
    assert bring(boss, text, sure="1", reason="new sign")[0] == 302
    assert site.sanban.halls.get(site.id).window("p1").label == "Q"


@pytest.mark.parametrize("text", ["", "no toml", "[hall]\nid = 'x'\n", "[hall]\nnonsense = 1\n"])
def test_a_file_that_cannot_be_read_changes_nothing(site: Site, boss: Asker, text: str) -> None:
    before = site.sanban.halls.current(site.id)
    status, page = bring(boss, text, sure="1", reason="try")
    assert status == 422 and 'class="error"' in page
    assert site.sanban.halls.current(site.id) == before


def test_the_file_of_another_hall_is_refused(site: Site, boss: Asker) -> None:
    text = boss.get(f"{PAGE}/hall.toml").text.replace(site.id, "other")
    assert bring(boss, text, sure="1", reason="try")[0] == 422


def test_differences_name_what_came_went_and_changed() -> None:
    old = {"lines": [{"id": "a"}, {"id": "b", "x": 1}], "zone": "A", "days": [{"date": "1"}]}
    new = {"lines": [{"id": "b", "x": 2}, {"id": "c"}], "zone": "B", "days": [{"date": "1"}]}
    assert differences(old, new) == [("lines", ["+c", "−a", "~b"]), ("zone", [])]
    assert differences(old, old) == []


#: without a form: the id never changes, `test` and `seeded` say how it came about, `today` is on the live page
_NO_FORM = {"id", "test", "days.seeded", "today.date", "today.closed", "today.paused", "today.contingents"}


def leaves(kind: Any, path: str = "") -> Iterator[str]:
    """The names of everything a description can say, as its file has them."""
    for name, hint in get_type_hints(kind).items():
        if name.startswith("__"):
            continue
        inner = [hint, *get_args(hint), *(one for part in get_args(hint) for one in get_args(part))]
        tables = [one for one in inner if is_dataclass(one) and one is not Text]
        yield from leaves(tables[0], f"{path}{name}.") if tables else [f"{path}{name}"]


def test_everything_a_description_can_say_has_a_form() -> None:
    forms = {f"{name}.{field.name}".removeprefix(".") for name, part in PARTS.items() for field in part.fields}
    missing = {leaf for leaf in leaves(Hall) if not any(leaf == one or leaf.startswith(f"{one}.") for one in forms)}
    assert missing == _NO_FORM


def test_the_case_desk_and_the_gateway_are_described_in_forms(site: Site, boss: Asker) -> None:
    def hall() -> Hall:
        return site.sanban.halls.get(site.id)

    assert change(boss, "communities", "+", id="r2", name__zh="二居")[0] == 302
    assert change(boss, "communities", "+", id="r1", name__zh="一居", at="-10 20", travel="r2 | 6")[0] == 302
    assert hall().communities[1].at == (-10, 20)
    assert hall().communities[1].travel == {"r2": 6}
    guide = "打开 | Open\n提交 | Submit"
    assert change(boss, "items", "+", id="i1", name__zh="补办", kinds=["home_visit"], guide=guide)[0] == 302
    assert hall().items[0].guide == (Text("打开", "Open"), Text("提交", "Submit"))
    assert hall().items[0].kinds == ("home_visit",)
    typed = {"id": "o1", "name": "马", "of": "community", "community": "r1", "hours__mon": "08:00-12:00"}
    assert change(boss, "officers", "+", **typed)[0] == 302
    officer = hall().officers[0]
    assert (officer.community, officer.capacity, officer.hours and officer.hours.mon) == ("r1", 20, ("08:00-12:00",))
    assert change(boss, "booking", None, penalty__no_shows="2", penalty__within="60", penalty__days="14")[0] == 302
    assert hall().booking.penalty == Penalty(2, 60, 14)
    assert change(boss, "booking", None, penalty__no_shows="", penalty__within="", penalty__days="")[0] == 302
    assert hall().booking.penalty == "off"
    fields = "to | {phone}\nmsg.text | {text}"
    assert change(boss, "notices", None, sms__method="PUT", sms__fields=fields, sms__headers="X-Key | a|b")[0] == 302
    sms = hall().notices.sms
    assert (sms.method, sms.fields, sms.headers) == ("PUT", {"to": "{phone}", "msg.text": "{text}"}, {"X-Key": "a|b"})
    status, page = change(boss, "notices", None, sms__fields="to | {nobody}")
    assert status == 422
    assert "nobody" in page.split('class="error" role="alert">')[1].split("</p>")[0]
    assert change(boss, "", None, position__lat="31.2", position__lon="121.4", outcomes="done advice")[0] == 302
    assert (hall().position, hall().outcomes) == (Position(31.2, 121.4), ("done", "advice"))
    assert change(boss, "", None, outcome_names="advice | 咨询 | Advice")[0] == 302
    assert hall().outcome_names == {"advice": Text("咨询", "Advice")}
    named = site.nobody().get("services").get_json()
    assert (named["outcomes"], named["outcome_names"]) == (
        ["done", "advice"],
        {"advice": {"zh": "咨询", "en": "Advice"}},
    )
    assert "advice | 咨询 | Advice" in boss.get(f"{PAGE}?part=").text
    status, page = change(boss, "", None, outcome_names="nothing | 无")
    assert status == 422 and 'id="fault-outcome_names"' in page
    assert change(boss, "", None, position__lat="", position__lon="")[0] == 302
    assert hall().position is None
