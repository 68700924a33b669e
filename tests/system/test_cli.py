"""The command line beside a running installation: what it prints, and what it says when it cannot."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from hall.__main__ import check_layouts, cli
from hall.archive.schema import NEWEST
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.history import History
from hall.services import hall_file
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from hall.store.keys import Keys
from tests.driver import KEY
from tests.system.serving import EXAMPLE

PASSWORD = "a long enough password"


class Console:
    def __init__(self, url: str, directory: Path) -> None:
        self.env = {"SANBAN_REDIS_URL": url, "SANBAN_DATA_DIR": str(directory), "SANBAN_SECRET_KEY": KEY.decode()}
        self.sanban: Sanban = build(Settings.load(self.env))

    def run(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, arguments, input=typed, env=self.env)

    def says(self, *arguments: str, typed: str = "") -> str:
        done = self.run(*arguments, typed=typed)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    def refuses(self, *arguments: str, typed: str = "") -> str:
        """The one line of a command that cannot do it."""
        done = self.run(*arguments, typed=typed)
        assert done.exit_code == 1, done.output
        line = done.stderr.strip().splitlines()[-1]
        assert line.startswith("sanban: ")
        assert "Traceback" not in done.output
        return line


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "store", durable=False).start()
    yield server
    server.stop()


@pytest.fixture
def console(server: EmbeddedServer, tmp_path: Path) -> Console:
    console = Console(server.url, tmp_path / "data")
    console.says("load", str(EXAMPLE))
    return console


def test_a_hall_is_loaded_and_given_back_as_it_was(console: Console, tmp_path: Path) -> None:
    text = console.says("export")
    tomllib.loads(text)
    assert hall_file.parse(text) == hall_file.parse(EXAMPLE.read_text("utf-8"))
    copy = tmp_path / "copy.toml"
    copy.write_text(text, "utf-8")
    assert console.says("load", str(copy)) == f"Hall changshou loaded from {copy}."
    assert console.says("export", "--hall", "changshou") == text


def test_a_wrong_file_names_line_and_key(console: Console, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(EXAMPLE.read_text("utf-8").replace("grace = 10", 'grace = "ten"'), "utf-8")
    number = next(n for n, line in enumerate(wrong.read_text("utf-8").splitlines(), 1) if line.startswith("grace"))
    assert f"line {number}, policy.grace: " in console.refuses("load", str(wrong))
    wrong.write_text("[hall\n", "utf-8")
    assert "line 1" in console.refuses("load", str(wrong))
    wrong.write_bytes(b"\xff\xfe")
    assert "not a text file" in console.refuses("load", str(wrong))
    assert "No such file" in console.refuses("load", str(tmp_path / "nowhere.toml"))
    assert "Is a directory" in console.refuses("load", str(tmp_path))


def test_a_token_is_printed_once_listed_and_revoked(console: Console) -> None:
    token = console.says("token", "add", "--role", "manager", "--window", "w1", "--label", "ticket printer")
    holder = console.sanban.access.program(token)
    assert holder is not None
    assert (holder.hall, holder.role, holder.windows) == ("changshou", "manager", ("w1",))
    listed = console.says("token", "list")
    assert listed.split() == [holder.id, "manager", "w1", "ticket", "printer"]
    assert token.rpartition(".")[2] not in listed
    assert holder.id in console.says("token", "revoke", holder.id)
    console.sanban.access.forget("changshou")
    assert console.sanban.access.program(token) is None
    assert console.says("token", "list") == ""
    assert f"no token {holder.id}" in console.refuses("token", "revoke", holder.id)


def test_a_token_for_a_window_that_is_not_there_is_refused(console: Console) -> None:
    assert "unknown window" in console.refuses("token", "add", "--role", "clerk", "--window", "w99")
    assert "text not plain" in console.refuses("token", "add", "--role", "clerk", "--label", "<b>")
    assert console.says("token", "list") == ""


def test_a_screen_is_paired_by_the_link_printed(console: Console) -> None:
    link = console.says("pair", "display", "--name", "east wall")
    assert link.startswith("http://127.0.0.1:8000/pair/changshou.")
    holder, _ = console.sanban.access.pair("changshou", link.rpartition("/")[2])
    assert (holder.role, holder.name) == ("display", "east wall")


def test_staff_are_added_and_signed_in_by_link(console: Console) -> None:
    console.says("staff", "ann", "--role", "clerk", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert console.sanban.doors.check_password("changshou", "ann", PASSWORD, "here")
    link = console.says("link", "ann")
    assert console.sanban.access.take_code(link.rpartition("/")[2], "sign-in")["staff"] == "ann"
    assert "passwords at least 12" in console.refuses("staff", "bob", "--role", "clerk", typed="short\nshort\n")
    bad = console.refuses("staff", "Bob!", "--role", "clerk", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "ids are small letters" in bad
    assert "there is no bob" in console.refuses("link", "bob")


def test_the_layout_of_the_stores_keys_is_told_and_an_unknown_one_left(console: Console) -> None:
    (hall,) = console.sanban.halls.ids()
    assert console.says("migrate", "--show").splitlines()[-1] == f"{hall}: 1; this Sanban's newest: 1"
    assert "this Sanban knows 1 to 1" in console.refuses("migrate", "--store-to", "2")
    assert console.says("migrate").splitlines()[-1] == f"{hall}: 1; this Sanban's newest: 1"
    assert console.says("migrate", "--store-to", "1") == f"{hall}: 1; this Sanban's newest: 1", "the archive is left"
    assert console.says("migrate", "--to", "0002") == f"archive: 0002; this Sanban's newest: {NEWEST}"
    assert console.says("migrate", "--store-to", "1") and "archive: 0002" in console.says("migrate", "--show")
    console.sanban.store.moves.hset(Keys(hall).hall, "layout", "2")
    assert "has layout 2" in console.refuses("migrate")
    with pytest.raises(SystemExit):
        check_layouts(console.sanban)  # serve does not start


def test_a_hall_must_be_chosen_where_there_are_two(console: Console, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(EXAMPLE.read_text("utf-8").replace('id = "changshou"', 'id = "other"'), "utf-8")
    console.says("load", str(other))
    assert "choose a hall with --hall: changshou, other" in console.refuses("token", "list")
    assert "choose a hall" in console.refuses("export", "--hall", "third")
    assert console.says("token", "list", "--hall", "other") == ""


def test_without_a_store_every_command_says_so(console: Console, server: EmbeddedServer) -> None:
    server.stop()
    commands = (
        ["load", str(EXAMPLE)],
        ["export"],
        ["token", "add", "--role", "clerk"],
        ["token", "list"],
        ["token", "revoke", "x"],
        ["pair", "kiosk"],
        ["link", "ann"],
    )
    for command in commands:
        assert "the store does not answer" in console.refuses(*command)


def test_a_bad_setting_stops_every_command(console: Console) -> None:
    console.env["SANBAN_BIND"] = "nonsense"
    assert "SANBAN_BIND" in console.refuses("token", "list")
    console.env = {**console.env, "SANBAN_BIND": "127.0.0.1:8000", "SANBAN_REDIS_URL": "ftp://x"}
    assert "not a store URL" in console.refuses("token", "list")


def test_the_days_hit_rate_of_shown_waits_is_printed(console: Console) -> None:
    here, clerk = console.sanban, Caller(by="staff:ann")
    assert "Nobody was shown a range and called; 0 were" in console.says("waits")
    here.windows.open(clerk, "changshou", "w2")
    here.waits.refresh("changshou", History(here.halls.get("changshou")), Random(1).random)
    here.tickets.issue(Caller(by="kiosk"), "changshou", Wish(services=("senior-card",)))
    here.calls.call_next(clerk, "changshou", "w2")
    said = console.says("waits", "--hall", "changshou")
    assert "1 of 1 waits were inside the range shown (100%)." in said
    assert "Nobody" in console.says("waits", "--date", "2020-01-31")
