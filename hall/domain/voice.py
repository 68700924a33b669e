"""How a hall calls aloud, as its file describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Voice:
    """`languages` are spoken for everybody, one after the other; one of `on_request` for a ticket of that language.
    `voice` names a set of clips; `one_as_yao` reads the 1 of a number as 幺."""

    __pydantic_config__ = {"extra": "forbid"}

    on: bool = False
    languages: tuple[str, ...] = ("zh",)
    on_request: tuple[str, ...] = ("en",)
    #: how often a call is spoken while nobody else waits to be called
    repeat: int = 2
    one_as_yao: bool = False
    voice: str = "espeak"

    def __post_init__(self) -> None:
        if not self.languages:
            raise ValueError("languages needs at least one")
        for language in (*self.languages, *self.on_request):
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a language: two or three small letters")
        if not 1 <= self.repeat <= 3:
            raise ValueError("repeat must be 1 to 3")
        if not _NAME.fullmatch(self.voice):
            raise ValueError("voice is small letters, digits, - and _")

    @property
    def every_language(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.languages, *self.on_request)))
