"""Puts the newest results into docs/bench.md, between its two marks: python -m bench.tell"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.report import RESULTS

DOC = Path(__file__).parents[1] / "docs" / "bench.md"
_BEGIN, _END = "<!-- figures: python -m bench.tell -->\n", "<!-- end of figures -->\n"
_HEAD = (
    "| | | p50 ms | p99 ms | web CPU µs | store CPU µs | ratio | to | goal |\n|---|---|---|---|---|---|---|---|---|\n"
)


def newest(directory: Path = RESULTS) -> Path:
    """The file of the last full run."""
    return max(path for path in directory.glob("*.jsonl") if not path.stem.endswith(("-faults", "-soak")))


def markdown(results: Path) -> str:
    """A line about the machine, and a table of every figure."""
    facts, *figures = map(json.loads, results.read_text("utf-8").splitlines())
    about = f"{facts['date'][:10]}, {facts['processor']}, {facts['cores']} cores, Python {facts['python']}, "
    about += f"load before {facts['load_before']:.2f} (`bench/results/{results.name}`)"
    return f"{about}\n\n{_HEAD}" + "".join(map(_row, figures))


def _row(figure: dict[str, Any]) -> str:
    times = [f"{figure[name]:.2f}" if name in figure else "" for name in ("p50_ms", "p99_ms")]
    times += [f"{figure[name]:.0f}" if name in figure else "" for name in ("web_us", "store_us")]
    ratio = f"{figure['ratio']:.2f}" if "ratio" in figure else ""
    goal = f"{figure['goal']}, {'met' if figure['met'] else '**missed**'}" if "goal" in figure else ""
    amount = f"{figure['value']:,.0f}" if figure["value"] >= 100 else f"{figure['value']:.3g}"
    cells = (
        figure["name"],
        f"{amount} {figure.get('unit', '')}".strip(),
        *times,
        ratio,
        figure.get("yardstick", ""),
        goal,
    )
    return f"| {' | '.join(cells)} |\n"


def told(text: str, results: Path) -> str:
    """The document with the figures of these results."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{markdown(results)}{_END}{after}"


if __name__ == "__main__":
    DOC.write_text(told(DOC.read_text("utf-8"), newest()), "utf-8")
