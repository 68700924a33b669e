"""What the tests of faults measured, kept under bench/results: one line a test, of the machine it ran on.

python -m tests.faults.figures prints the newest of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bench.report import RESULTS, machine

Line = dict[str, Any]


def keep(name: str, figures: Line) -> None:
    """Keep a test's figures in place of those of the same test and day."""
    facts = machine()
    path = RESULTS / f"{facts['date'][:10]}-{facts['machine']}-faults.jsonl"
    lines = [line for line in read(path) if line["name"] not in (name, "machine")]
    lines.append({"name": name, "date": facts["date"], "load_before": facts["load_before"], "figures": figures})
    about = {key: value for key, value in facts.items() if key not in ("date", "load_before")}
    rows = [{"name": "machine", **about}, *sorted(lines, key=lambda line: str(line["name"]))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def told(lines: list[Line]) -> str:
    """A paragraph a test."""
    parts = []
    for line in lines:
        facts = line.get("figures", {key: value for key, value in line.items() if key != "name"})
        rows = [f"  {name}: {value}" for name, value in facts.items()]
        when = f" ({line['date']}, load {line['load_before']:.1f})" if "date" in line else ""
        parts.append("\n".join([f"{line['name']}{when}", *rows]))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(told(read(max(RESULTS.glob("*-faults.jsonl")))))
