"""docs/settings.md and docs/permissions.md say what the code does."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hall.domain.limits import LIMITS, parse_limits
from hall.domain.permissions import DEVICES, PERMISSIONS, ROLES
from hall.domain.setting_names import NAMES, SECRETS
from hall.settings import Settings, SettingsError

DOCS = Path(__file__).resolve().parents[2] / "docs"
KEY = {"SANBAN_SECRET_KEY": "x" * 32}


def tables(name: str) -> dict[str, list[str]]:
    """First cell → the other cells, of all tables of a page."""
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", (DOCS / name).read_text("utf-8"), re.MULTILINE)
    return {first: [cell.strip() for cell in rest.split("|")] for first, rest in rows}


PAGES = [*DOCS.parent.glob("*.md"), *DOCS.rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS.parent)))
def test_every_link_and_picture_of_the_docs_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    own = [one for one in links if not re.match(r"\w+:", one)]
    assert [one for one in own if not (page.parent / one).exists()] == []


def words(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def test_every_setting_is_documented_and_no_other() -> None:
    assert set(tables("settings.md")) - set(LIMITS) == set(NAMES)


def test_every_secret_may_come_from_a_file() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    (listed,) = re.findall(r"## Secrets in files\n(.*?)\n## ", text, re.DOTALL)
    assert words(listed) - {"_FILE"} == set(SECRETS)


def test_the_documented_defaults_are_the_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here, documented = Settings.load({}), tables("settings.md")
    assert documented["SANBAN_BIND"][0] == f"`{here.bind}`"
    assert documented["SANBAN_DATA_DIR"][0] == f"`{here.data_dir.relative_to(tmp_path)}`"
    assert (here.redis_url, here.jobs_url, here.public_url) == (None, None, None)
    assert here.archive == f"sqlite:///{tmp_path}/var/archive.sqlite"
    assert here.url == "http://127.0.0.1:8000"
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert Settings.load({}).secret_key == here.secret_key


def test_every_limit_is_documented() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+/\w+) \| (\d+) \| (.*?) \|", text, re.MULTILINE)
    told = parse_limits(", ".join(f"{name}={rate}:{burst}" for name, rate, burst, _ in rows))
    assert told == LIMITS
    assert [name for name, *_ in rows] == list(LIMITS)
    assert {name for name, *_, who in rows if "whole installation" in who} == {n for n in LIMITS if LIMITS[n].shared}


def test_every_role_device_and_permission_is_documented() -> None:
    documented = tables("permissions.md")
    told = {name: words(cells[0]) for name, cells in documented.items() if name in ROLES or name in DEVICES}
    assert told == {name: set(held) for name, held in {**ROLES, **DEVICES}.items()}
    assert set(documented) - set(told) == PERMISSIONS


# What the settings refuse and accept ---------------------------------------------------------


def load(directory: Path, **env: str) -> Settings:
    return Settings.load({"SANBAN_DATA_DIR": str(directory), **KEY, **env})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANBAN_BIND", "8000"),
        ("SANBAN_BIND", ":8000"),
        ("SANBAN_BIND", "127.0.0.1:0"),
        ("SANBAN_BIND", "127.0.0.1:65536"),
        ("SANBAN_BIND", "127.0.0.1:8 0"),
        ("SANBAN_BIND", "127.0.0.1:²"),
        ("SANBAN_BIND", "127.0.0.1:" + "9" * 5000),
        ("SANBAN_PUBLIC_URL", "ftp://x"),
        ("SANBAN_WEB_WORKERS", "0"),
        ("SANBAN_WEB_WORKERS", "65"),
        ("SANBAN_WEB_WORKERS", "-1"),
        ("SANBAN_SECRET_KEY", "x" * 31),
        ("SANBAN_WEB_WORKERS_FILE", "/etc/hostname"),
        ("SANBAN_REDIS_URL_FILE", "/nowhere"),
        ("SANBAN_REDIS_URL_FILE", "/usr/bin/env"),
        ("SANBAN_SMS_URL", "ftp://gateway.example.org"),
        ("SANBAN_SMS_URL", "https://:443/"),
        ("SANBAN_SMS_URL", "https://[x"),
        ("SANBAN_SMS_URL", "https://gateway.example.org:port/"),
        ("SANBAN_SMTP_URL", "https://mail.example.org"),
        ("SANBAN_WEBHOOK_URL", "centre.example.org"),
        ("SANBAN_WEBHOOK_KEY", "x" * 31),
        ("SANBAN_OPENID_ISSUER", "http://login.example.org"),
        ("SANBAN_OPENID_CLIENT", "sanban"),
        ("SANBAN_OPENID_CLAIM_FILE", "/etc/hostname"),
        ("SANBAN_WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("SANBAN_WEBHOOK_NETWORKS", "localhost"),
        ("SANBAN_SECOND_FACTOR", "admin,boss"),
        ("SANBAN_UNKNOWN", ""),
        ("SANBAN_bind", "127.0.0.1:8000"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load(tmp_path, **{name: value})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("y" * 40 + "\n")
    env = {"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_SECRET_KEY_FILE": str(secret)}
    assert Settings.load(env).secret_key == b"y" * 40
    with pytest.raises(SettingsError, match="both set"):
        Settings.load({**env, **KEY})


def test_a_message_centre_needs_a_key_and_no_refusal_repeats_an_address(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SANBAN_WEBHOOK_KEY"):
        load(tmp_path, SANBAN_WEBHOOK_URL="https://centre.example.org")
    assert load(tmp_path, SANBAN_WEBHOOK_URL="https://centre.example.org", SANBAN_WEBHOOK_KEY="x" * 32).webhook_key
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, SANBAN_SMTP_URL="mail://hall:secret@mail.example.org")
    assert "secret" not in str(refused.value)


def test_of_two_first_starts_at_once_both_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Settings.load({"SANBAN_DATA_DIR": str(tmp_path)}).secret_key, range(16)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_address_of_the_whole_machine_is_reached_by_this_one(tmp_path: Path) -> None:
    assert load(tmp_path, SANBAN_BIND="0.0.0.0:9000").url == "http://127.0.0.1:9000"
    assert load(tmp_path, SANBAN_PUBLIC_URL="https://h.example/").url == "https://h.example"


def test_every_proof_of_the_security_checklist_is_there() -> None:
    """A line says met, n/a or open; what it names as its proof is a test or a file of the project."""
    text = (DOCS / "security.md").read_text("utf-8").partition("## ASVS")[2]
    rows = re.findall(r"^\| ([\d., to]+) \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    assert len(rows) > 120
    assert {state for _, state, _ in rows} == {"met", "n/a", "open"}
    lines = [line for numbers, *_ in rows for line in re.split(r", | to ", numbers)]
    assert len(lines) == len(set(lines))
    sources = "".join(path.read_text("utf-8") for path in DOCS.parent.glob("tests/**/*.py"))
    named = [name for _, _, proof in rows for name in re.findall(r"`([\w./]+)`", proof)]
    tests = [name for name in named if name.startswith("test_")]
    files = [name for name in named if "/" in name]
    assert len(tests) > 60
    assert [name for name in tests if f"def {name}(" not in sources] == []
    assert [name for name in files if not (DOCS.parent / name).exists()] == []


def test_the_arithmetic_of_guessing_is_of_the_limits_in_force() -> None:
    guess, text = LIMITS["guess"], (DOCS / "security.md").read_text("utf-8")
    assert f"so {guess.burst} times at once and then {guess.rate * 60:.0f} times a minute" in text
    tries = guess.rate * 60 * 60 * 24 * 365
    (row,) = re.findall(r"^\| ticket, appointment, case \| 128 \| (.*)\|$", text, re.MULTILINE)
    year, cell = f"{tries:.1e}".split("e+"), row.replace("·10", "e")
    assert f"{year[0]}e{'⁰¹²³⁴⁵⁶⁷⁸⁹'[int(year[1])]} tries: one in {2**128 / tries / 1e31:.0f}e³¹" in cell
