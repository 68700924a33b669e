"""Which readers a kiosk hears, and who may play one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.errors import BadHallFile
from hall.domain.printers import Reader
from hall.services import hall_file
from tests.browser.installation import EXAMPLE
from tests.web.conftest import Site, json_of

VENDOR = Reader("vendor", "http://127.0.0.1:18889/read", card="data.idNumber")


def change(site: Site, **changes: Any) -> None:
    site.sanban.halls.save(replace(site.sanban.halls.get(site.id), **changes), Caller(by="setup"))


def test_a_kiosk_is_told_its_own_readers_and_those_of_every_kiosk(site: Site) -> None:
    others = Reader("other", "ws://localhost:9000/", code="text", kiosk="another one")
    change(site, readers=(VENDOR, others))
    service = {"url": VENDOR.url, "card": "data.idNumber", "code": "", "every_ms": 500, "hello": ""}
    assert json_of(site.device("kiosk").get("/kiosk/readers")) == {"fake": False, "services": [service]}


def test_the_kiosk_page_may_connect_to_its_readers_and_other_pages_may_not(site: Site) -> None:
    change(site, readers=(VENDOR,))
    kiosk = site.device("kiosk")
    assert "connect-src 'self' http://127.0.0.1:18889;" in kiosk.get("/kiosk/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in kiosk.get("/sign-in").headers["Content-Security-Policy"]


def test_a_kiosk_without_readers_connects_to_its_own_server_only(site: Site) -> None:
    policy = site.device("kiosk").get("/kiosk/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy


def test_a_card_is_played_only_in_a_hall_that_allows_it(site: Site) -> None:
    kiosk = site.device("kiosk")
    assert kiosk.get("/kiosk/fake-reader").status_code == 404
    change(site, fake_reader=True)
    assert kiosk.get("/kiosk/fake-reader").status_code == 200
    assert json_of(kiosk.get("/kiosk/readers"))["fake"]
    change(site, fake_reader=False, test=True)
    assert kiosk.get("/kiosk/fake-reader").status_code == 200
    assert site.nobody().get("/kiosk/fake-reader").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "key", "why"),
    [
        ('[[printers]]\nid = "p"\nkind = "network"', "printers.1", "needs host"),
        ('[[printers]]\nid = "p"\nkind = "fax"', "printers.1.kind", "network"),
        ('[[readers]]\nid = "r"\nurl = "http://192.0.2.1/"\ncard = "id"', "readers.1", "localhost"),
        ('[[readers]]\nid = "r"\nurl = "http://localhost/"', "readers.1", "needs card or code"),
        ("[paper]\nmax_age = -1", "paper", "must not be negative"),
        ('[paper]\nwhen_back = "burn"', "paper.when_back", "print"),
    ],
)
def test_a_wrong_printer_or_reader_is_named_with_its_line(wrong: str, key: str, why: str) -> None:
    text = EXAMPLE.read_text("utf-8") + "\n" + wrong + "\n"
    with pytest.raises(BadHallFile) as caught:
        hall_file.parse(text)
    facts = caught.value.facts
    assert (facts["key"], why in str(facts["why"])) == (key, True), facts
    assert int(str(facts["line"])) > len(EXAMPLE.read_text("utf-8").splitlines())


def test_printers_and_readers_survive_the_store() -> None:
    text = EXAMPLE.read_text("utf-8") + (
        '\n[[printers]]\nid = "front"\nkind = "usb"\nvendor = 0x04b8\nproduct = 0x0202\nkiosk = "Entrance"\n'
        '[paper]\nwhen_back = "drop"\n'
        '[[readers]]\nid = "r"\nurl = "ws://[::1]:9000/"\ncard = "data.id"\n'
    )
    hall = hall_file.parse(text)
    assert hall_file.from_data(hall_file.as_data(hall)) == hall
    assert hall.printers[0].vendor == 0x04B8 and hall.readers[0].card == "data.id"
