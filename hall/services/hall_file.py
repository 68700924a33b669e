"""Reading and writing a hall's TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

import tomli_w
from pydantic import TypeAdapter, ValidationError

from hall.domain.errors import BadHallFile
from hall.domain.halls import Hall
from hall.services import case_parts

_HALL = TypeAdapter(Hall)
#: parts with an id
_LISTS = (
    *("lines", "services", "windows", "groups", "printers", "readers", "webhooks"),
    *("officers", "communities", "items", "bundles", "recipients"),
)
_ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")


def parse(text: str) -> Hall:
    """A hall from its file. Raises `BadHallFile(line, key, why)` that names the place."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise BadHallFile(line=int(place.group(1)) if place else 1, key="", why=str(error)) from error
    return _checked(tree, text)


def from_data(data: dict[str, Any]) -> Hall:
    """A hall from what `as_data` gave."""
    return _HALL.validate_python(data)


def as_data(hall: Hall, *, whole: bool = False) -> dict[str, Any]:
    """Plain data for the store, without what is default unless the `whole` is asked for."""
    data: dict[str, Any] = _HALL.dump_python(hall, mode="json", exclude_defaults=not whole)
    return data


def as_toml(data: dict[str, Any]) -> str:
    """The text of a file that says the same; [hall] comes first."""
    head = {name: value for name, value in data.items() if not isinstance(value, dict | list)}
    texts = {name: data[name] for name in ("name", "address", "notice", "outcomes", "outcome_names") if name in data}
    rest = {name: value for name, value in data.items() if name not in head and name not in texts}
    return tomli_w.dumps({"hall": {**head, **texts}, **rest})


def check(hall: Hall) -> None:
    """Raises `BadHallFile(key, why)` for a description that contradicts itself."""
    for path, why in _mistakes(hall):
        raise BadHallFile(line=0, key=_key(path), why=why)


def _checked(tree: dict[str, Any], text: str) -> Hall:
    head = tree.pop("hall", {})
    if not isinstance(head, dict):
        raise _bad(text, ["hall"], "[hall] is one table")
    flat = {**head, **tree}
    try:
        hall = _HALL.validate_python(flat)
    except ValidationError as error:
        # A misspelt key comes with a missing one: the misspelt one is what stands in the file.
        errors = error.errors(include_url=False)
        first = min(errors, key=lambda one: one["type"] not in ("extra_forbidden", "unexpected_keyword_argument"))
        # A part in capitals is a type of ours, of several that a value may have: not a key of the file.
        path = [part for part in first["loc"] if not (isinstance(part, str) and part[:1].isupper())]
        raise _bad(text, path, first["msg"].removeprefix("Value error, ")) from error
    for path, why in _mistakes(hall):
        raise _bad(text, path, why)
    return hall


def _mistakes(hall: Hall) -> Iterable[tuple[list[str | int], str]]:
    """What each part cannot know alone: ids, and references between parts."""
    if not _ID.match(hall.id):
        yield ["id"], "an id is lower-case letters, digits, - and _"
    if hall.zone not in available_timezones():
        yield ["zone"], f"unknown time zone {hall.zone!r}"
    if "done" not in hall.outcomes:
        yield ["outcomes"], "'done' is missing: it is what a finish says when nothing else is said"
    for outcome in hall.outcome_names:
        if outcome not in hall.outcomes:
            yield ["outcome_names"], f"there is no outcome {outcome!r}"
    for name in _LISTS:
        seen: set[str] = set()
        for n, part in enumerate(getattr(hall, name)):
            if not _ID.match(part.id):
                yield [name, n, "id"], "an id is lower-case letters, digits, - and _"
            if part.id in seen:
                yield [name, n, "id"], f"{part.id!r} is there twice"
            seen.add(part.id)
    yield from _bad_references(hall)
    yield from case_parts.mistakes(hall)


def _bad_references(hall: Hall) -> Iterable[tuple[list[str | int], str]]:
    lines = {line.id for line in hall.lines}
    letters: set[str] = set()
    for n, line in enumerate(hall.lines):
        if line.letter in letters:
            yield ["lines", n, "letter"], f"letter {line.letter} is taken by another line"
        letters.add(line.letter)
    for n, service in enumerate(hall.services):
        if service.line not in lines:
            yield ["services", n, "line"], f"there is no line {service.line!r}"
    for n, window in enumerate(hall.windows):
        for line_id in window.lines:
            if line_id not in lines:
                yield ["windows", n, "lines"], f"there is no line {line_id!r}"


def _bad(text: str, path: list[str | int], why: str) -> BadHallFile:
    return BadHallFile(line=_line_of(text, path), key=_key(path), why=why)


def _key(path: list[str | int]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _line_of(text: str, path: list[str | int]) -> int:
    """The line of the key, or of the nearest thing around it that the file has."""
    section, index, key = _split(text, path)
    whole = ".".join(part for part in path if isinstance(part, str))
    best, here, count = 1, section == "hall", -1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line)
        if header:
            name = header.group(1)
            count += name == section
            here = (name == section and (index is None or count == index)) or (here and name.startswith(section + "."))
            best = number if here and name in (section, whole) else best
        elif here and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return best


def _split(text: str, path: list[str | int]) -> tuple[str, int | None, str]:
    """(section, entry of it, innermost named key) of a path, as the file writes them."""
    named = [part for part in path if isinstance(part, str)]
    if named and re.search(rf"^\s*\[+\s*{re.escape(named[0])}[\s.\]]", text, re.MULTILINE):
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
        # the key of an entry is the one beside its header; of a nested table, the innermost
        key = named[1:2] if index is not None else named[-1:]
        return named[0], index, key[0] if key and len(named) > 1 else ""
    return "hall", None, named[0] if named else ""
