"""What the tests of faults measured, kept under bench/results: one line a test, of the machine it ran on."""

from __future__ import annotations

import json
from typing import Any

from bench.report import RESULTS, machine


def keep(name: str, figures: dict[str, Any]) -> None:
    """Keep a test's figures in place of those of the same test and day."""
    facts = machine()
    path = RESULTS / f"{facts['date'][:10]}-{facts['machine']}-faults.jsonl"
    known = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    lines = [line for line in known if line["name"] != name]
    lines.append({"name": name, "date": facts["date"], "load_before": facts["load_before"], "figures": figures})
    about = {key: value for key, value in facts.items() if key not in ("date", "load_before")}
    first = {"name": "machine", **about}
    rest = sorted((line for line in lines if line["name"] != "machine"), key=lambda line: str(line["name"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [first, *rest]), "utf-8")
