"""Whether a run is worse than the last one that was kept: ratios are compared, never times."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.report import Figure

#: a ratio may be so much worse: what two runs of the same code differ on one quiet machine
TOLERANCE = 0.15


def last(directory: Path, machine: str) -> dict[str, float]:
    """Ratios by figure of a machine's newest full run in a directory; empty when there is none."""
    for path in sorted(directory.glob(f"????-??-??-{machine}.jsonl"), reverse=True):
        facts, *figures = map(json.loads, path.read_text("utf-8").splitlines())
        if not facts["quick"]:
            return {one["name"]: one["ratio"] for one in figures if "ratio" in one}
    return {}


def worse(figures: Sequence[Figure], before: Mapping[str, float]) -> list[str]:
    """A line for each figure whose ratio to what was measured beside it is worse than before. Only those with a goal,
    which says which way is worse."""
    told = []
    for one in figures:
        if one.fixed or one.ratio is None or not one.goal or one.name not in before:
            continue
        then = before[one.name]
        fell = one.ratio < then * (1 - TOLERANCE) if one.goal.startswith("≥") else one.ratio > then * (1 + TOLERANCE)
        if fell:
            told.append(f"{one.name}: {one.ratio:.2f} of {one.yardstick}, was {then:.2f}")
    return told
