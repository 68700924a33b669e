"""The bench runs and yields every figure; what the figures are is not a test's business."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bench import due, gate, report, tell

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_a_quick_bench_yields_every_figure_beside_its_yardstick(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr

    facts, *figures = [json.loads(line) for line in next(tmp_path.glob("*.jsonl")).read_text("utf-8").splitlines()]
    assert {"machine", "cores", "versions", "date", "python"} <= facts.keys()
    names = [figure["name"] for figure in figures]
    for clients in ("1 client", "16 clients"):
        for kind in ("bare route", "bare route, smallest script"):
            assert f"{kind}, {clients}" in names
        for kind in ("issue", "call-next with finish"):
            assert {f"bare route, script of {kind}, {clients}", f"{kind}, {clients}, to the same script"} <= {*names}
            assert any(one["name"] == f"{kind}, {clients}" and one["web_us"] > one["store_us"] > 0 for one in figures)
        assert f"finish, then call-next, {clients}" in names
    assert sum(name.startswith("script call-next") for name in names) == 2
    assert [name.partition(",")[0] for name in names if " connected" in name and "page" not in name] == [
        "POST of the clerk",
        "event on a display",
        "event on all displays",
    ]
    assert {"one call to 5 displays and 40 phones", "memory of a connected page"} <= {*names}
    assert {"from make run to the first page", "memory of the installation at rest"} <= {*names}
    assert any(
        name.startswith("3 halls, a peak hour 1000-fold") and name.endswith("a call on a display") for name in names
    )
    assert {"call-next during a flood of one kiosk", "requests of a flood of one kiosk"} <= {*names}
    assert all(figure["value"] > 0 for figure in figures)
    assert all("met" in figure and figure["yardstick"] for figure in figures if "goal" in figure)
    assert all(line in done.stdout for line in names)


@pytest.mark.parametrize(
    ("ratio", "goal", "met"), [(0.61, "≥ 0.6", True), (0.59, "≥ 0.6", False), (1.3, "≤ 1.25", False)]
)
def test_a_goal_bounds_the_ratio(ratio: float, goal: str, met: bool) -> None:
    assert report.Figure("x", 1, "/s", "y", ratio, goal).met is met


class _RefusesOnce(BaseHTTPRequestHandler):
    """A server that has no room for the first request."""

    protocol_version = "HTTP/1.1"
    keys: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.keys.append(self.headers["Idempotency-Key"])
        self.send_response(503 if len(self.keys) == 1 else 201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """It keeps no log."""


def test_what_is_refused_is_asked_again_with_its_key_and_counts_from_when_it_was_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(due, "_AGAIN", 0.2)
    with ThreadingHTTPServer(("127.0.0.1", 0), _RefusesOnce) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lines = [due.Line("", [(0.0, "/a", "{}"), (0.0, "/b", "{}")])]
        answered = due.work(due.Spec("127.0.0.1", server.server_address[1], lines))
        server.shutdown()
    first, again, other = _RefusesOnce.keys
    assert first == again != other
    assert answered.statuses == {"503": 1, "201": 2}
    assert [end - begin >= 0.2 for begin, end in answered.spans[0]] == [True, True]


def test_a_percentile_is_one_of_the_values() -> None:
    values: list[Any] = list(range(100, 0, -1))
    assert report.percentile(values, 0.5) == 51
    assert report.percentile(values, 0.99) == 100
    assert report.percentile([7], 0.99) == 7


def test_the_gate_compares_ratios_to_what_was_measured_with_the_last_full_run(tmp_path: Path) -> None:
    def figure(name: str, ratio: float, goal: str, fixed: bool = False) -> report.Figure:
        return report.Figure(name, 1, "/s", "y", ratio, goal, fixed=fixed)

    def kept(day: str, quick: bool, *figures: report.Figure) -> None:
        facts = {"machine": "here", "date": f"{day}T00:00:00Z", "quick": quick}
        report.keep(report.json_lines(facts, figures), facts, tmp_path)

    kept("2026-11-23", False, figure("rate", 9, "≥ 0.6"))
    kept("2026-11-24", False, figure("rate", 0.5, "≥ 0.6"), figure("time", 1, "≤ 1.5"), figure("start", 1, "≤ 1", True))
    kept("2026-11-25", True, figure("rate", 9, "≥ 0.6"))
    before = gate.last(tmp_path, "here")
    assert before == {"rate": 0.5, "time": 1, "start": 1}
    assert gate.last(tmp_path, "elsewhere") == {}
    same = [figure("rate", 0.43, "≥ 0.6"), figure("time", 1.14, "≤ 1.5"), figure("start", 9, "≤ 1", True)]
    assert gate.worse([*same, figure("new", 9, "≤ 1")], before) == []
    assert gate.worse([figure("rate", 0.42, "≥ 0.6"), figure("time", 1.16, "≤ 1.5")], before) == [
        "rate: 0.42 of y, was 0.50",
        "time: 1.16 of y, was 1.00",
    ]


def test_the_page_of_figures_holds_the_newest_results() -> None:
    page = tell.DOC.read_text("utf-8")
    assert tell.told(page, tell.newest()) == page, "python -m bench.tell"
