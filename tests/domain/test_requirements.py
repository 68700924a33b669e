"""The fast tests need nothing but what requirements.txt brings."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUR_OWN = {"hall", "kiosk", "display", "workers", "tests", "app", "bench"}


def imported(path: Path) -> Iterator[str]:
    """The packages a module asks for."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def test_the_fast_tests_import_what_requirements_txt_brings_and_no_more() -> None:
    folders = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]["testpaths"]
    brought, of = locked("requirements.lock"), packages_distributions()
    modules = [ROOT / "tests" / "conftest.py", ROOT / "tests" / "driver.py"]
    modules += [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    beyond = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in imported(path)
        if name not in OUR_OWN | sys.stdlib_module_names
        and not {re.sub(r"[._]+", "-", one).lower() for one in of.get(name, [])} & brought
    }
    assert beyond == set()
