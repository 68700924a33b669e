"""Which texts the pages use, and which of them a catalogue lacks. `python -m hall.web.texts_check` prints those."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hall.web.texts import CHINESE, PACKAGES, ROOT, catalogue

#: paper and notices have a catalogue like a page, which only they read
_PACKAGES = (*PACKAGES, "hall/paper", "hall/notices")
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/static/js/**.js", "javascript")]
_KEYWORDS: dict[str, None] = {"N_": None, "_": None, "gettext": None, "lazy_gettext": None, "t": None}


@cache
def used(package: str) -> dict[str, str]:
    """text → the first place that uses it."""
    found: dict[str, str] = {}
    for file, line, text, _comments, _context in _messages(ROOT / package):
        found.setdefault(text, f"{package}/{file}:{line}")
    return found


def _messages(directory: Path) -> Iterator[tuple[str, int, str, object, object]]:
    options = {"**/templates/**.html": {"silent": "false"}}
    for file, line, text, comments, context in extract_from_dir(directory, _METHODS, options, _KEYWORDS):
        for one in (text,) if isinstance(text, str) else text:
            yield file, line, one, comments, context


def known(package: str) -> dict[str, str]:
    """text → its Chinese; a page knows its own catalogue and the shared one."""
    return own("hall/web") | own(package)


@cache
def own(package: str) -> dict[str, str]:
    """text → its Chinese in the package's own catalogue."""
    path = catalogue(package)
    if not path.exists():
        return {}
    with path.open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source, locale=CHINESE) if m.id and m.string}


def missing() -> dict[str, str]:
    """text → place, of every text without Chinese."""
    return {text: place for package in _PACKAGES for text, place in used(package).items() if text not in known(package)}


def unused() -> list[str]:
    """Catalogue texts that no page uses any more."""
    everything = set().union(*(used(package) for package in _PACKAGES))
    return sorted({text for package in _PACKAGES for text in known(package)} - everything)


if __name__ == "__main__":
    for text, place in missing().items():
        print(f"{place}\n  {text}")
