"""What staff see of notices, what nobody may see, and the message centre's signature."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.errors import BadHallFile
from hall.domain.notices import Mail, Notices, Sms
from hall.notices import http
from hall.services import hall_file
from tests.notices.gateway import Gateway
from tests.notices.stage import NOTICES, PERSONAL, PHONE, WANG, NoticeHall


def test_neither_the_store_nor_jobs_nor_logs_tell_of_a_person(
    hall: NoticeHall, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SECONDS", 2.0)
    hall.change(notices=replace(NOTICES, channels=("sms", "log")))
    gateway.answers = [500, "hang", (200, b"?"), 302, 200]
    hall.open()
    for _ in range(3):
        hall.cancel(hall.book())
    hall.take(PHONE)
    hall.next()
    seen = ""
    for _ in range(3):
        hall.lead()
        seen += hall.everything()
        hall.work()
        hall.pass_time(60)
    seen += hall.everything()
    assert "send_notice" in seen
    assert "notice tried" in seen
    assert len(gateway.taken) > 5
    assert [word for word in PERSONAL if word in seen] == []
    assert hall.sanban.notices.settings.sms_token is not None
    assert hall.sanban.notices.settings.sms_token not in seen


def test_the_log_as_a_channel_says_who_only_masked(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(notices=replace(NOTICES, channels=("log",)))
    booked = hall.book()
    hall.work()
    log = hall.log.getvalue()
    assert '"to": "138****5678"' in log
    assert booked.desk_code not in log, "whoever has the code can cancel"
    assert [word for word in PERSONAL if word in hall.everything()] == []


def test_the_message_centre_can_check_who_tells_it(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(notices=replace(NOTICES, channels=("webhook",)))
    booked = hall.book(language="en")
    hall.work()
    (taken,) = gateway.taken
    signed = taken.headers["X-Sanban-Timestamp"].encode() + b"." + taken.body
    wanted = hmac.new(b"k" * 32, signed, hashlib.sha256).hexdigest()
    assert taken.path == "/hook"
    assert taken.headers["X-Sanban-Signature"] == f"sha256={wanted}"
    assert taken.headers["Idempotency-Key"] == taken.json["id"]
    assert set(taken.json) == {"id", "hall", "what", "language", "phone", "text", "facts"}
    assert (taken.json["phone"], taken.json["language"], taken.json["what"]) == ("+8613812345678", "en", "booked")
    assert taken.json["facts"]["code"] == booked.desk_code
    assert "王" not in taken.body.decode()


def test_staff_see_what_became_of_the_last_notice(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [500, 200]
    booked = hall.book()
    about = f"appointment/{booked.image['id']}"
    assert hall.sanban.notices.newest(hall.id, [about]) == {}
    hall.work()
    newest = hall.sanban.notices.newest(hall.id, [about, "appointment/none"])
    assert list(newest) == [about]
    shown = newest[about]
    assert (shown["what"], shown["state"], shown["tries"], shown["why"]) == ("booked", "waiting", 1, "status 500")
    hall.pass_time(10)
    hall.work()
    shown = hall.sanban.notices.newest(hall.id, [about])[about]
    assert (shown["state"], shown["tries"], shown["channel"], shown["why"]) == ("sent", 2, "sms", None)


def test_the_command_line_counts_a_days_notices(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [200, 400]
    hall.book()
    hall.work()
    hall.book()
    hall.work()
    command = [sys.executable, "-m", "hall", "notices", "--hall", hall.id]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 1, "one failed"
    assert "booked     1 sent, 1 failed" in told.stdout
    assert "1 failed: sms status 400" in told.stdout
    other = subprocess.run([*command, "--date", "2001-01-01"], capture_output=True, text=True, check=False)
    assert (other.returncode, "booked" in other.stdout) == (0, False)


def test_the_journal_is_not_trimmed_before_notices_were_read(hall: NoticeHall) -> None:
    hall.book()
    hall.book()
    journal = hall.sanban.store.journal
    last = journal.bounds(hall.id)[1]
    journal.trim(hall.id, last, 2**52)
    assert [entry.kind for entry in journal.after(hall.id, "0-0")].count("booked") == 2
    hall.lead()
    journal.trim(hall.id, last, 2**52)
    assert len(journal.after(hall.id, "0-0")) == 1


FILE = """
[hall]
id = "h"
name = { zh = "厅" }
zone = "Asia/Shanghai"
[hall.hours]
mon = ["09:00-17:00"]
"""


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ('channels = ["pigeon"]', "notices.channels.1"),
        ("soon_ahead = -1", "notices"),
        ("called = true", "notices"),
        ('channels = ["mail"]', "notices"),
        ('[notices.sms]\nfields = { to = "{person}" }', "notices.sms"),
        ('[notices.sms]\nfields = { to = "{phone.__class__}" }', "notices.sms"),
        ('[notices.sms]\nheaders = { to = "{phone" }', "notices.sms"),
        ('[notices.sms]\nmethod = "GET"', "notices.sms"),
        ('[notices.sms]\ntemplates = { booked = "1" }', "notices.sms"),
        ('[notices.sms]\ntoken = "secret"', "notices.sms.token"),
        ('[notices.mail]\nsender = "a@b, c@d"', "notices.mail"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, key: str) -> None:
    with pytest.raises(BadHallFile) as refused:
        hall_file.parse(f"lines = []\nservices = []\nwindows = []\n{FILE}\n[notices]\n{setting}\n")
    assert str(refused.value.facts["key"]).startswith(key)


def test_a_halls_notices_survive_the_store_and_the_file() -> None:
    def kept(hall: Any) -> Any:
        return hall_file.from_data(hall_file.as_data(hall))

    hall = hall_file.parse(f"lines = []\nservices = []\nwindows = []\n{FILE}")
    assert kept(hall).notices == Notices()
    full = replace(hall, notices=replace(NOTICES, mail=Mail("hall@example.org"), sms=Sms(ok={"a.b": "0"})))
    assert kept(full) == full


def test_a_mail_address_is_kept_with_the_person_and_strangers_cannot_change_it(hall: NoticeHall) -> None:
    booked = hall.book()
    people, person = hall.sanban.people, booked.image["person"]
    assert people.get(hall.id, person).email == "wang@example.org"
    hall.book(replace(WANG, name="张三", email="zhang@example.org"))
    assert people.get(hall.id, person).email == "wang@example.org"
    hall.book(replace(WANG, email="new@example.org"))
    assert people.get(hall.id, person).email == "new@example.org"
