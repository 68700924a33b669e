"""Schemathesis asks the running API for everything its description allows, and for what it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.serving import Serving

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
#: places that are there: others would be refused at the door, as tests/web shows
CONFIG = """
[parameters]
"path.hall" = "changshou"
"path.window" = "{window}"
"path.line" = "{line}"
"path.number" = "{number}"
"path.token" = "{token}"
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    here = Serving(tmp_path_factory.mktemp("running"), SANBAN_LIMITS="off").start()
    yield here
    here.stop()


@pytest.mark.parametrize("who", ["manager", "nobody"])
def test_no_request_makes_the_server_fail(running: Serving, tmp_path: Path, who: str) -> None:
    manager = {"Authorization": f"Bearer {running.cli('token', 'add', '--role', 'manager')}"}
    browser, hall = running.browser(), "/api/v1/halls/changshou"
    services = browser.ask("GET", f"{hall}/services").json()
    # Whatever was asked before may have closed the hall for today.
    wish = {"services": [services["services"][0]["id"]], "override": "test"}
    ticket = browser.ask("POST", f"{hall}/tickets", wish, **manager).json()
    config = tmp_path / "schemathesis.toml"
    window = services["windows"][0]["id"]
    config.write_text(CONFIG.format(window=window, line=ticket["line"], token=ticket["token"], number=ticket["number"]))
    tool = str(Path(sys.executable).with_name("schemathesis"))
    command = [tool, "--config-file", str(config), "run"]
    command += [f"{running.url}/api/v1/openapi.json", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "10", "--seed", "1", "--generation-database", "none", "--no-color"]
    command += ["--suppress-health-check", "all", "--request-timeout", "20", "--warnings", "off"]
    if who == "manager":
        command += ["-H", f"Authorization: {manager['Authorization']}"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "COLUMNS": "120"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert browser.ask("GET", "/readyz").status == 200
    log = (running.directory / "var" / "logs" / "web.log").read_text()
    assert '"level": "error"' not in log
    assert ticket["token"] not in log
