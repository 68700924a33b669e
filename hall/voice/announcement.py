"""A call in clips: which are played, in which order. Pure; docs/voice.md lists the clips for who records them."""

from __future__ import annotations

from typing import NamedTuple

from hall.domain.halls import Window
from hall.domain.voice import Voice

#: clip → the words of the shipped sets; digits and letters follow below
ZH: dict[str, str] = {"qing": "请", "hao": "号", "dao": "到", "chuangkou": "窗口", "yao": "幺", "10": "十"}
EN: dict[str, str] = {"number": "number", "please-go-to": "please go to", "window": "window"}
_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ZH |= {str(n): word for n, word in enumerate("零一二三四五六七八九")}
EN |= {str(n): word for n, word in enumerate(_TO_NINETEEN.split())}
EN |= {str(10 * n): word for n, word in enumerate(_TENS.split(), 2)}
ZH |= {letter.lower(): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
EN |= {letter.lower(): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
#: rung before every call; a clip like the others, so that a hall can have its own
CHIME = "chime"

#: From so many calls waiting behind this one, calls are spoken once; from so many, in the first language alone.
ONCE_FROM, ONE_LANGUAGE_FROM = 2, 5


class Sentence(NamedTuple):
    """One call in one language."""

    language: str
    clips: tuple[str, ...]


class Announcement(NamedTuple):
    """What is spoken for a call: the sentences one after the other, all of them `repeat` times."""

    sentences: tuple[Sentence, ...]
    repeat: int


def announcement(number: str, window: Window, language: str, waiting: int, voice: Voice) -> Announcement:
    """A call of `number` to `window`. `language` is the ticket's; `waiting` calls are behind this one: under load
    repeats are left out first, then the other languages, never a call."""
    wanted = [*voice.languages, *(one for one in voice.on_request if one == language and one not in voice.languages)]
    if waiting >= ONE_LANGUAGE_FROM:
        wanted = wanted[:1]
    repeat = 1 if waiting >= ONCE_FROM else voice.repeat
    return Announcement(tuple(sentence(number, window, one, voice) for one in wanted), repeat)


def sentence(number: str, window: Window, language: str, voice: Voice) -> Sentence:
    """「请 A零一二号 到 3号窗口」. Every language but English has the Chinese order of words."""
    said = tuple(number.lower())
    if language == "en":
        return Sentence(language, ("number", *said, "please-go-to", *_place_en(window)))
    if voice.one_as_yao:
        said = tuple("yao" if sign == "1" else sign for sign in said)
    return Sentence(language, ("qing", *said, "hao", "dao", *_place_zh(window)))


def _place_zh(window: Window) -> tuple[str, ...]:
    if is_text(window):
        return (own_clip(window),)
    return (*_number_zh(window.label), "hao", "chuangkou")


def _place_en(window: Window) -> tuple[str, ...]:
    if is_text(window):
        return (own_clip(window),)
    return ("window", *_number_en(window.label))


def _counts(label: str) -> bool:
    """Whether a label is read as a number, and not digit by digit."""
    return len(label) < 3 and label[0] != "0"


def _number_zh(label: str) -> tuple[str, ...]:
    if not _counts(label) or len(label) == 1:
        return tuple(label)
    tens, ones = label[0], label[1]
    return (*((tens,) if tens != "1" else ()), "10", *((ones,) if ones != "0" else ()))


def _number_en(label: str) -> tuple[str, ...]:
    if not _counts(label) or label in EN:
        return (label,) if _counts(label) else tuple(label)
    return (f"{label[0]}0", label[1])


def is_text(window: Window) -> bool:
    """Whether a label ("12a", "咨询台") needs a clip of its own."""
    return not (window.label.isascii() and window.label.isdecimal())


def own_clip(window: Window) -> str:
    """The clip of a window whose label is text."""
    return f"window-{window.id}"


def own_words(window: Window, language: str) -> str:
    """What that clip says. A label in Chinese has no English: it is said as it is."""
    if not window.label.isascii():
        return window.label
    return f"window {window.label}" if language == "en" else f"{window.label}号窗口"
