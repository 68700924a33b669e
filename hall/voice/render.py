"""Renders clips: trimmed, equally loud, never clipped. `python -m hall.voice.render` makes the shipped sets anew."""

from __future__ import annotations

import math
import os
import shutil
import sys
import wave
from array import array
from pathlib import Path

from hall.voice.announcement import CHIME
from hall.voice.clips import DEFAULT, SHIPPED, words
from hall.voice.espeak import speak

LANGUAGES = ("zh", "en")
#: of full scale: how loud a clip is on average, and what its loudest sample may reach
_LOUDNESS, _PEAK = 0.12, 0.9
_FULL = 32767
#: samples quieter than this are silence
_QUIET = 0.01
_EDGE_SECONDS, _FADE_SECONDS = 0.015, 0.005


class NothingSaid(ValueError):
    """The text has no sound, so that there is no clip."""


def trimmed(samples: array[int], rate: int) -> array[int]:
    """Without the silence before and after. Raises `NothingSaid` when there is nothing else."""
    loud = [n for n, sample in enumerate(samples) if abs(sample) > _QUIET * _FULL]
    if not loud:
        raise NothingSaid()
    edge = int(_EDGE_SECONDS * rate)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge]


def levelled(samples: array[int]) -> array[int]:
    """As loud as every other clip, as far as the loudest sample allows."""
    mean = math.sqrt(sum(sample * sample for sample in samples) / len(samples))
    gain = min(_LOUDNESS * _FULL / mean, _PEAK * _FULL / max(map(abs, samples)))
    return array("h", (int(sample * gain) for sample in samples))


def faded(samples: array[int], rate: int) -> array[int]:
    """With soft ends: a clip that starts with a step clicks."""
    length = min(int(_FADE_SECONDS * rate), len(samples) // 2)
    result = array("h", samples)
    for n in range(length):
        result[n] = samples[n] * n // length
        result[-1 - n] = samples[-1 - n] * n // length
    return result


def render(text: str, language: str, file: Path) -> None:
    """Write a clip. Raises `NothingSaid` for a text without a sound."""
    samples, rate = speak(text, language)
    write(faded(levelled(trimmed(samples, rate)), rate), rate, file)


def write(samples: array[int], rate: int, file: Path) -> None:
    """A WAV file, whole or not at all: somebody may be about to play it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    data = array("h", samples)
    if sys.byteorder == "big":
        data.byteswap()
    with wave.open(str(draft), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(rate)
        clip.writeframes(data.tobytes())
    draft.replace(file)


def main() -> None:
    for language in LANGUAGES:
        for clip, text in words(language).items():
            render(text, language, SHIPPED / language / DEFAULT / f"{clip}.wav")
    shutil.copy(Path(__file__).parents[2] / "display" / "static" / "chime.wav", SHIPPED / f"{CHIME}.wav")


if __name__ == "__main__":
    main()
