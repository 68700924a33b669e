"""Renders display/static/chime.wav: two soft bells, a falling third. Run: python display/make_chime.py"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
TARGET = Path(__file__).resolve().parents[0] / "static" / "chime.wav"


def bell(hertz: float, start: float, at: float) -> float:
    """One struck tone with an overtone, decaying; 0 before it starts."""
    age = at - start
    if age < 0:
        return 0.0
    attack = min(1.0, age / 0.01)
    tone = math.sin(2 * math.pi * hertz * age) + 0.3 * math.sin(4 * math.pi * hertz * age)
    return attack * math.exp(-4 * age) * tone


def main() -> None:
    samples = (0.35 * (bell(784.0, 0, n / RATE) + bell(622.3, 0.35, n / RATE)) for n in range(int(1.2 * RATE)))
    with wave.open(str(TARGET), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(32_000 * sample)) for sample in samples))


if __name__ == "__main__":
    main()
