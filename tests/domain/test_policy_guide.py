"""docs/policy.md lists every setting of the policy with its default."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

from hall.domain.policy import Policy

GUIDE = Path(__file__).resolve().parents[2] / "docs/policy.md"


def test_the_managers_guide_lists_every_setting_with_its_default() -> None:
    section = GUIDE.read_text("utf-8").split("## Settings")[1].split("\n## ")[0]
    listed = {name: int(value) for name, value in re.findall(r"^\| `([\w.]+)` \| (\d+) \|", section, re.MULTILINE)}
    defaults = asdict(Policy())
    head_starts = {f"head_start.{name}": value for name, value in defaults.pop("head_start").items()}
    assert listed == head_starts | defaults
