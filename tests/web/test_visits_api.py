"""Home visits over HTTP: slots, rounds, substitutes, what a device takes along, and what was refused on a doorstep."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from hall.store.keys import Keys
from tests.web.conftest import Asker, Json, Site, code_of
from tests.web.test_cases_api import done, officer, opened

__all__ = ["officer"]
NAME, PHONE, STREET = "欧阳秀英", "13987654321", "澳门路660弄12号"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400
DEVICE = "phone0001"


class Home:
    """A case at home of somebody with a name, and its visit by c1 and n1 tomorrow at ten."""

    def __init__(self, desk: Site, officer: Asker) -> None:
        self.site, self.officer, self.hall = desk, officer, desk.sanban.halls.get(desk.id)
        self.day = self.hall.calendar.date_of(desk.sanban.cases.moves.clock()) + timedelta(days=1)
        self.case = self.open_case()
        self.visit = self.plan(self.case, 10)
        self.sequence = 0

    def open_case(self) -> Json:
        who = {"name": NAME, "phone": PHONE, "address": STREET, "community": "k1"}
        return opened(self.officer, kind="home_visit", group="elder", bundles=[], items=["papers"], **who)

    def plan(self, case: Json, hour: int, centre: str = "c1", near: str = "n1") -> Json:
        starts = self.hall.calendar.ms(self.day, hour * 60)
        return done(self.officer, f"cases/{case['id']}/visits", {"centre": centre, "near": near, "starts": starts}, 201)

    def pack(self) -> Json:
        return done(self.officer, f"visits/{self.visit['id']}/pack", {"device": DEVICE})

    def do(self, move: str, **more: Any) -> Json:
        self.sequence += 1
        action = {"device": DEVICE, "sequence": self.sequence, "visit": self.visit["id"], "at": 1000, "move": move}
        return done(self.officer, "doorstep", {**action, **more})


@pytest.fixture
def home(desk: Site, officer: Asker) -> Home:
    return Home(desk, officer)


def test_free_slots_of_a_pair_leave_its_visits_out(home: Home) -> None:
    pair = f"centre=c1&near=n1&date={home.day}"
    slots = done_get(home, f"visits/slots?{pair}")["slots"]
    assert slots
    assert not [one for one in slots if home.visit["starts"] - 3_600_000 < one < home.visit["ends"]]
    assert code_of(home.officer.get(f"visits/slots?centre=c1&near=c2&date={home.day}")) == "PAIR_WRONG"


def test_a_round_and_the_substitutes_of_a_visit(home: Home) -> None:
    later = home.plan(home.open_case(), 12)
    (found,) = done_get(home, f"visits/rounds?date={home.day}")["rounds"]
    assert (found["centre"], found["near"]) == ("c1", "n1")
    assert [leg["visit"] for leg in found["legs"]] == [home.visit["id"], later["id"]]
    assert done_get(home, f"visits/{later['id']}/substitutes?officer=n1")["officers"] == ["n2", "n3"]


def test_a_device_takes_along_what_finds_the_person_and_the_journal_says_so(home: Home) -> None:
    pack = home.pack()
    assert (pack["name"], pack["address"], pack["pair"]) == (NAME, STREET, ["officer 1", "officer 1"])
    assert pack["phone"].endswith(PHONE)
    assert pack["items"][0]["papers"] == [{"id": "id-card", "name": "id-card"}]
    assert "case_revealed" in home.site.kinds()
    elsewhere = home.officer.post(f"visits/{home.visit['id']}/pack", {"device": "phone0002"})
    assert code_of(elsewhere) == "VISIT_ELSEWHERE"


def test_a_photograph_is_kept_encrypted_and_comes_back_when_somebody_looks(home: Home) -> None:
    home.pack()
    photo = base64.b64encode(JPEG).decode()
    home.do("photo", photo=photo, text="signed by her")
    kept = str(home.site.sanban.cases.kept.texts(home.site.id, home.case["id"]))
    assert photo[:60] not in kept
    texts = done(home.officer, f"cases/{home.case['id']}/reveal")["texts"]
    (found,) = [text for name, text in texts.items() if name.endswith("/photo")]
    assert base64.b64decode(found) == JPEG
    store = home.site.sanban.store
    assert photo[:60] not in str(store.reads.xrange(Keys(home.site.id).of("journal")))


def test_a_browser_with_a_session_may_send_as_much_as_a_program(desk: Site, home: Home) -> None:
    home.pack()
    home.officer = desk.staff("officer", "c1")
    assert home.do("photo", photo=base64.b64encode(JPEG).decode())["next"] == 2
    assert done_get(home, "conflicts")["conflicts"] == []


@pytest.mark.parametrize("photo", ["", "no base64!", base64.b64encode(b"GIF89a").decode()])
def test_what_is_no_photograph_stays_a_conflict(home: Home, photo: str) -> None:
    home.pack()
    assert home.do("photo", photo=photo)["next"] == 2
    (refused,) = done_get(home, f"doorstep/{DEVICE}")["conflicts"]
    assert (refused["code"], refused["move"], refused["case"]) == ("TEXT_NOT_PLAIN", "photo", home.case["id"])


def test_refused_actions_are_listed_for_the_desk_and_for_the_device_until_settled(home: Home) -> None:
    home.pack()
    home.do("leave", text=f"{NAME} was out")
    home.do("arrive")
    everywhere = home.officer.get("conflicts")
    assert NAME not in everywhere.text
    assert [one["sequence"] for one in everywhere.get_json()["conflicts"]] == [1]
    assert done_get(home, f"doorstep/{DEVICE}")["next"] == 3
    assert done_get(home, "doorstep/phone0002")["conflicts"] == []
    assert home.officer.post(f"conflicts/{DEVICE}/1/settle").status_code == 204
    assert done_get(home, "conflicts")["conflicts"] == []


def done_get(home: Home, path: str) -> Json:
    answer = home.officer.get(path)
    assert answer.status_code == 200, answer.text
    found: Json = answer.get_json()
    return found
