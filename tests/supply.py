"""What we ship of others: python -m tests.supply audit | sbom | licences.

`audit` asks PyPI whether something is known against the packages of the locks, `sbom` writes a CycloneDX list of
everything that is shipped, `licences` writes docs/licences.md."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LICENCES = ROOT / "docs/licences.md"
SBOM = ROOT / "sbom.cdx.json"
LOCKS = ("requirements.lock", "requirements-dev.lock")
#: seconds; the service answers all packages in a few, or is not there
_PATIENCE = 45
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
#: packages that do not say it in their metadata
_SAID_ELSEWHERE = {"espeakng-loader": "none stated; the espeak-ng library in it is GPL-3.0-or-later"}
_CLASS = "License :: OSI Approved :: "


class Shipped(NamedTuple):
    """Files of others in our tree."""

    name: str
    version: str
    licence: str
    directory: str
    files: tuple[str, ...]


SHIPPED = (
    Shipped("socket.io-client", "4.8.4", "MIT", "hall/web/static/vendor", ("socket.io.esm.min.js",)),
    Shipped("uplot", "1.6.32", "MIT", "hall/web/static/vendor/uplot", ("uPlot.esm.js", "uPlot.min.css")),
    Shipped("SecLists (most used passwords)", "2019", "MIT", "hall/services/vendor", ("common_passwords.txt.gz",)),
    Shipped(
        *("Noto Sans SC (web)", "subset", "OFL-1.1", "hall/web/static/fonts"),
        ("NotoSansSC-Bold.woff2", "NotoSansSC-Regular.woff2"),
    ),
    Shipped(
        *("Noto Sans SC (paper)", "subset", "OFL-1.1", "hall/paper/fonts"),
        ("NotoSansSC-Bold.ttf", "NotoSansSC-Regular.ttf"),
    ),
)


def pinned(lock: str) -> dict[str, str]:
    """Name → version of a lock's packages."""
    return dict(_PINNED.findall((ROOT / lock).read_text("utf-8")))


# Something known against them --------------------------------------------------------------------


def audit() -> int:
    """1 when something is known against a package; a service that cannot be asked is said so, and no failure."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    command += ["--format", "json", *(part for lock in LOCKS for part in ("-r", lock))]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        print(f"pip-audit: PyPI did not answer within {_PATIENCE} s; nothing was audited")
        return 0
    except ValueError:
        why = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"pip-audit: PyPI cannot be asked from here, nothing was audited: {why[0][:200]}")
        return 0
    return tell(packages)


def tell(packages: list[dict[str, Any]]) -> int:
    """Print what pip-audit found. Returns the exit status."""
    bad = [(one, known) for one in packages for known in one.get("vulns", [])]
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    for one, known in bad:
        fixed = ", ".join(known["fix_versions"]) or "no version yet"
        print(f"{one['name']} {one['version']}: {known['id']}, fixed in {fixed}")
    print(f"pip-audit: {len(packages) - len(unknown)} of {len(packages)} packages audited, {len(bad)} findings")
    if unknown:
        print(f"pip-audit: PyPI knows nothing to say here of {len(unknown)} packages; where it does, run this again")
    return 1 if bad else 0


# Licences ----------------------------------------------------------------------------------------


def licence_of(name: str) -> str | None:
    """As the package says it; None: it is not installed on this platform."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return _expression(found) or _SAID_ELSEWHERE.get(name, "unknown")


def _expression(found: Distribution) -> str:
    said = found.metadata
    text = str(said["License-Expression"] or said["License"] or "").strip()
    if text and "\n" not in text and len(text) < 80:
        return text
    classes = [one.removeprefix(_CLASS) for one in said.get_all("Classifier") or [] if one.startswith(_CLASS)]
    return " AND ".join(classes)


def licence_rows() -> dict[str, str]:
    """Name → licence of every package of the run-time lock that is installed here."""
    told = {name: licence_of(name) for name in sorted(pinned(LOCKS[0]), key=str.lower)}
    return {name: licence for name, licence in told.items() if licence is not None}


_HEAD = """\
# Licences of what is shipped or installed

Written by `python -m tests.supply licences`; a test holds it against the packages that are installed.

## Files of others in this tree

| what | version | licence | where |
|---|---|---|---|
"""
_MIDDLE = """
The clips of `hall/voice/clips/` and `chime.wav` were made for this project. espeak-ng spoke the words; its licence is
about the program, not about what it says.

## Packages of requirements.lock

| package | licence |
|---|---|
"""


def licences() -> int:
    shipped = [f"| {one.name} | {one.version} | {one.licence} | `{one.directory}/` |\n" for one in SHIPPED]
    packages = [f"| `{name}` | {licence} |\n" for name, licence in licence_rows().items()]
    LICENCES.write_text("".join([_HEAD, *shipped, _MIDDLE, *packages]), "utf-8")
    return 0


# The list of everything --------------------------------------------------------------------------


def sbom() -> int:
    """CycloneDX 1.6: the packages of the run-time lock with licences, and the files of others with hashes."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", LOCKS[0], "--pyproject", "pyproject.toml"]
    command += ["--output-reproducible", "--of", "JSON", "-o", str(SBOM)]
    subprocess.run(command, cwd=ROOT, check=True)
    document = json.loads(SBOM.read_text("utf-8"))
    for component in document["components"]:
        if licence := licence_of(component["name"]):
            component["licenses"] = [{"license": {"name": licence}}]
    document["components"] += list(_shipped())
    SBOM.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{SBOM.name}: {len(document['components'])} components")
    return 0


def _shipped() -> Iterator[dict[str, Any]]:
    for one in SHIPPED:
        for name in one.files:
            path = f"{one.directory}/{name}"
            yield {
                "type": "file",
                "bom-ref": path,
                "name": path,
                "version": one.version,
                "description": one.name,
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((ROOT / path).read_bytes()).hexdigest()}],
                "licenses": [{"license": {"id": one.licence}}],
            }


if __name__ == "__main__":
    sys.exit({"audit": audit, "sbom": sbom, "licences": licences}[sys.argv[1]]())
