"""espeak-ng, from the wheel of `espeakng-loader`: version 1.52, whose Mandarin is right (Debian 12's 1.51 is not)."""

from __future__ import annotations

import ctypes
from array import array
from functools import cache

import espeakng_loader

_RETRIEVAL, _UTF8, _RATE, _IPA = 1, 1, 1, 2
#: words a minute: slow, for those who hear badly
_SPEED = 140
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakFault(RuntimeError):
    """The library refused; the text says what."""


class _Library:
    """One a process: the library keeps its state in globals. Not for threads."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        self._samples = array("h")
        # kept: the library calls it as long as it lives
        self._callback = _CALLBACK(self._take)
        self.rate = int(self._lib.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0))
        if self.rate <= 0:
            raise EspeakFault("espeak-ng did not start")
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._check("rate", self._lib.espeak_SetParameter(_RATE, _SPEED, 0))

    def _take(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self._samples.frombytes(ctypes.string_at(samples, 2 * count))  # type: ignore[arg-type]  # a pointer
        return 0

    def _check(self, what: str, status: int) -> None:
        if status != 0:
            raise EspeakFault(f"espeak-ng: {what}: status {status}")

    def speak(self, text: str, voice: str) -> array[int]:
        self._check(f"voice {voice}", self._lib.espeak_SetVoiceByName(voice.encode()))
        self._samples = array("h")
        data = text.encode()
        size = ctypes.c_size_t(len(data) + 1)
        self._check("speak", self._lib.espeak_Synth(data, size, 0, 0, 0, _UTF8, None, None))
        self._check("speak", self._lib.espeak_Synchronize())
        return self._samples

    def phonemes(self, text: str, voice: str) -> str:
        self._check(f"voice {voice}", self._lib.espeak_SetVoiceByName(voice.encode()))
        data = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(data))
        said = []
        while place.value:
            said.append(self._lib.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, _IPA).decode())
        return " ".join(said)


@cache
def _library() -> _Library:
    return _Library()


def voice_for(text: str, language: str) -> str:
    """The voice that can read a text: Chinese signs need the Chinese one in every language."""
    return "en-us" if language == "en" and text.isascii() else "cmn"


def speak(text: str, language: str) -> tuple[array[int], int]:
    """A text as (samples, samples a second), as the library gives them."""
    library = _library()
    return library.speak(text, voice_for(text, language)), library.rate


def phonemes(text: str, language: str) -> str:
    """How a text is read, in IPA."""
    return _library().phonemes(text, voice_for(text, language))
