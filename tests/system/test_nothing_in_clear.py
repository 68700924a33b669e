"""A whole installation lives a day with test persons; then its data files, backups, logs, and what other users of the
machine see of its processes are searched for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from hall.bootstrap import build
from hall.domain.callers import Caller
from hall.settings import Settings
from tests.booking import id_number
from tests.system.serving import ROOT, Answer, Serving, command_line, descendants, wait_for

NAME, PHONE, NUMBER, MAIL = "欧阳秀英", "13987654321", id_number("19430607"), "xiuying@example.org"
OTHER_NAME, OTHER_PHONE = "诸葛小红", "13700002222"
STREET, PASSWORD = "澳门路660弄12号", "a password nobody guesses"
HALL = "/api/v1/halls/changshou"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    here = Serving(tmp_path).start()
    yield here
    here.stop()


class Day:
    """What test persons and staff do; `secrets` gathers what must be nowhere."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        store = f"unix://{serving.directory / 'var/store/store.sock'}"
        self.sanban = build(
            Settings.load({"SANBAN_DATA_DIR": str(serving.directory / "var"), "SANBAN_REDIS_URL": store})
        )
        self.secrets = {
            "name": NAME,
            "other name": OTHER_NAME,
            "number": NUMBER,
            "birth date": "19430607",
            "mail": MAIL,
            "phone": PHONE,
            "other phone": OTHER_PHONE,
            "street": STREET,
            "password": PASSWORD,
        }

    def token(self, role: str) -> str:
        token = self.sanban.access.add_token("changshou", role)
        self.secrets[f"token of {role}"] = token.rpartition(".")[2]
        return token

    def ask(self, method: str, path: str, body: object = None, token: str | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.serving.browser().ask(method, path if path.startswith("/") else f"{HALL}/{path}", body, **headers)
        assert answer.status < 300, answer.text
        return answer

    def live(self) -> None:
        form = {"name": "boss", "password": PASSWORD, "again": PASSWORD}
        self.secrets["set-up"] = self.serving.links["console"].rpartition(".")[2]
        self.serving.browser().submit(self.serving.links["console"], **form)
        self.serving.browser().submit("/sign-in", hall="changshou", name="boss", password=PASSWORD)
        self.serving.browser().submit("/sign-in", hall="changshou", name=PHONE, password=f"{PASSWORD} no")
        manager, officer = self.token("manager"), self.token("officer")
        wish = {"services": ["senior-card"], "id_number": NUMBER, "override": "late"}
        ticket = self.ask("POST", "tickets", wish, manager).json()
        self.secrets["ticket"] = ticket["token"].rpartition(".")[2]
        self.ask("GET", f"/api/v1/tickets/{ticket['token']}")
        self.serving.browser().ask("GET", f"/t/{ticket['token']}")
        self.book()
        said = {"found": STREET, "note": f"{NAME}, {PHONE}", "description": STREET}
        case = {"kind": "assisted", "group": "homeless", "owner": "c1", "items": ["senior-card"]}
        person = {"name": NAME, "phone": PHONE, "id_number": NUMBER}
        self.ask("POST", "cases", {**case, **said, **person}, officer)
        self.refused(manager)

    def book(self) -> None:
        days = self.ask("GET", "slots/days?service=senior-card").json()
        day = next(one["date"] for one in days["days"] if one["left"])
        slots = self.ask("GET", f"slots?service=senior-card&date={day}").json()["slots"]
        slot = next(one["start"] for one in slots if one["left"] and not one["refusal"])
        person = {"name": OTHER_NAME, "phone": OTHER_PHONE, "email": MAIL}
        booked = self.ask("POST", "appointments", {"services": ["senior-card"], "slot": slot, **person}).json()
        self.secrets["appointment"] = booked["code"].rpartition(".")[2]

    def refused(self, manager: str) -> None:
        """What is typed in the wrong place."""
        browser = self.serving.browser()
        browser.ask("GET", f"{HALL}/tickets/{NUMBER}", Authorization=f"Bearer {manager}")
        browser.ask(
            "POST", f"{HALL}/tickets", {"services": [NUMBER], "phone": PHONE}, Authorization=f"Bearer {manager}"
        )
        browser.ask("GET", f"/book/changshou/person?phone={PHONE}&number={NUMBER}")


def processes(serving: Serving, also: int) -> str:
    """The process list, with everything that a process of the installation was started with."""
    found = []
    for pid in [serving.pid, *descendants(serving.pid), also]:
        found.append(command_line(pid))
        if os.access(f"/proc/{pid}/environ", os.R_OK):
            found.append(Path(f"/proc/{pid}/environ").read_bytes().replace(b"\0", b"\n").decode("utf-8", "replace"))
    return "\n".join(found)


def command_of_somebody(serving: Serving) -> tuple[str, str]:
    """`person show --clear`: what it prints, and the process list while it works."""
    command = [sys.executable, "-m", "hall", "person", "show", "--clear", "--hall", "changshou"]
    with subprocess.Popen(
        command, cwd=ROOT, env=serving.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        seen = wait_for(lambda: "person show" in command_line(process.pid) and processes(serving, process.pid), "it")
        said, _ = process.communicate(f"{NUMBER}\n".encode(), timeout=60)
        assert process.returncode == 0
    return said.decode(), seen


def written(serving: Serving) -> dict[str, bytes]:
    """Every file of the data directory, once the store has written all it has as RDB and AOF."""
    var = serving.directory / "var"
    with Redis(unix_socket_path=str(var / "store" / "store.sock"), decode_responses=True) as store:
        store.config_set("rdbcompression", "no")
        store.bgrewriteaof()
        wait_for(lambda: not store.info("persistence")["aof_rewrite_in_progress"], "a new file of the store")
        archived = "hall:{changshou}:cursor:archiver"
        last = store.xrevrange("hall:{changshou}:journal", count=1)[0][0]
        wait_for(lambda: store.get(archived) == last, "the archive")
    files = {str(path.relative_to(var)): path for path in var.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name not in ("secret_key", "key_ring")}


def ways(secret: str) -> list[bytes]:
    """How a text may stand in a file."""
    escaped = json.dumps(secret).strip('"')
    return [secret.encode(), escaped.encode(), escaped.replace("\\", "\\\\").encode(), secret.encode("utf-16-le")]


@pytest.mark.long
def test_nobody_who_reads_the_disk_the_logs_or_the_process_list_learns_of_anybody(serving: Serving) -> None:
    day = Day(serving)
    before = written(serving)
    assert before.keys() >= {"archive.sqlite", "logs/web.log"}
    day.live()
    said, seen = command_of_somebody(serving)
    assert NUMBER in said and NAME in said
    day.sanban.rotation.rotate(Caller(by="cli"), day.sanban.store.clock())
    serving.cli("backup")
    files = {**written(serving), "process list": seen.encode(), "printed": (serving.directory / "err").read_bytes()}
    assert any(name.startswith("backups/") for name in files), sorted(files)
    # The search looks where it should: what may be seen is there.
    for name, part in (("archive.sqlite", b"case_opened"), ("process list", b"person show")):
        assert any(part in data for file, data in files.items() if file.startswith(name)), name
    assert any(b"case_opened" in data for name, data in files.items() if name.startswith("store/"))
    found = {
        (what, file)
        for file, data in files.items()
        for what, secret in day.secrets.items()
        if any(way in data for way in ways(secret))
    }
    assert found == set()
