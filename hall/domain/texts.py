"""Texts that come as data, and texts that people type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hall.domain.errors import TextNotPlain

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff\ud800-\udfff]")
_MARKUP = re.compile(r"<[A-Za-z/!?]")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages. English falls back to Chinese, never the other way round."""

    __pydantic_config__ = {"extra": "forbid"}

    zh: str
    en: str = ""

    def said(self, language: str) -> str:
        return self.en if language.startswith("en") and self.en else self.zh


def plain(text: str, field: str, longest: int = 500) -> str:
    """A typed text, trimmed. Raises `TextNotPlain` for control characters, markup or too much of it."""
    text = text.strip()
    if len(text) > longest or _CONTROL.search(text) or _MARKUP.search(text):
        raise TextNotPlain(field=field)
    return text
