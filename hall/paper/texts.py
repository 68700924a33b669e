"""The words on paper. Chinese comes first; a ticket in English has both."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from hall.domain.texts import Text

_CATALOGUE: Final = Path(__file__).parent / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"


@cache
def _chinese() -> dict[str, str]:
    with _CATALOGUE.open("rb") as source:
        messages = read_po(source, locale="zh_Hans_CN")
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Marks a text for the catalogue; `say` translates it."""
    return text


def say(message: str, **facts: object) -> Text:
    """A text of the catalogue in both languages."""
    return Text(zh=_chinese().get(message, message) % facts, en=message % facts)


def in_languages(text: Text, language: str) -> list[str]:
    """What is printed of a text: Chinese, and English under it when the resident reads English."""
    if language.startswith("en") and text.en and text.en != text.zh:
        return [text.zh, text.en]
    return [text.zh]
