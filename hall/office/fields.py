"""What a form of the description is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, both (two languages), number, whole, yes, on (the same, and on unless switched off), choice, lines
    (several of the hall's), several (of the choices), words (parted by spaces), numbers (the same), papers, texts,
    named, pairs and counts (one a row: with an id, in two languages, of a name in two languages, of a name and its text
    or its number). An empty field is left out, and has its default."""

    name: str
    words: Any
    kind: str = "text"
    choices: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""
    #: heading of this field and those after it that have the same
    section: Any = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`many`: a list of things, known by `key`; else one table of the description, or its head (`""`)."""

    words: Any
    fields: tuple[Field, ...]
    many: bool = True
    key: str = "id"
