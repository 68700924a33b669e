"""Where the clips are. A file that a hall recorded comes before every other one."""

from __future__ import annotations

import hashlib
import re
import wave
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from hall.domain.halls import Hall, Window
from hall.voice.announcement import CHIME, EN, ZH, is_text, own_clip, own_words

SHIPPED = Path(__file__).parent / "clips"
#: the set that has every clip of every shipped language
DEFAULT = "espeak"
#: file name ending → content type
TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg"}
#: ms; of a file whose header is not read
_UNKNOWN_MS = 3000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Clips:
    """`home` is the installation's data directory: `voice/<hall>/<language>/` holds a hall's own recordings,
    `voices/<voice>/<language>/` sets that halls share, `voice/<hall>/rendered/` what jobs rendered."""

    home: Path
    _told: set[tuple[str, str, str]] = field(default_factory=set)

    def find(self, hall: Hall, language: str, clip: str) -> Path | None:
        """The file of a clip. One that is missing in the hall's voice is taken from the default one, and told."""
        if not (_NAME.fullmatch(clip) and _LANGUAGE.fullmatch(language) and _NAME.fullmatch(hall.id)):
            return None
        own = self.home / "voice" / hall.id / language
        chosen = [own, self.home / "voices" / hall.voice.voice / language, SHIPPED / language / hall.voice.voice]
        found = next((file for folder in chosen if (file := _file(folder, clip))), None)
        return found or self._rendered(hall, language, clip) or self._default(hall, language, clip)

    def _rendered(self, hall: Hall, language: str, clip: str) -> Path | None:
        window = next((one for one in hall.windows if own_clip(one) == clip and is_text(one)), None)
        file = self.rendered(hall, window, language) if window else None
        return file if file and file.is_file() else None

    def rendered(self, hall: Hall, window: Window, language: str) -> Path:
        """Where the clip of a label goes. Its name holds what is said, so that another label is another file."""
        said = hashlib.sha256(own_words(window, language).encode()).hexdigest()[:12]
        return self.home / "voice" / hall.id / "rendered" / language / f"{own_clip(window)}.{said}.wav"

    def _default(self, hall: Hall, language: str, clip: str) -> Path | None:
        file = _file(SHIPPED, clip) if clip == CHIME else None
        if file is None:
            file = _file(SHIPPED / language / DEFAULT, clip) or _file(SHIPPED / "zh" / DEFAULT, clip)
            self._tell(hall, language, clip, file)
        return file

    def _tell(self, hall: Hall, language: str, clip: str, file: Path | None) -> None:
        """Once a process; a hall that speaks with the default voice misses nothing there."""
        if (hall.id, language, clip) not in self._told:
            self._told.add((hall.id, language, clip))
            _log.warning("clip missing", hall=hall.id, language=language, clip=clip, instead=str(file or "nothing"))

    def unrendered(self, hall: Hall) -> list[tuple[Window, str]]:
        """(window, language) of labels that have no clip yet."""
        wanted = [(window, language) for window in hall.windows if is_text(window) for language in _spoken(hall)]
        return [(window, language) for window, language in wanted if self._lacks(hall, window, language)]

    def _lacks(self, hall: Hall, window: Window, language: str) -> bool:
        own = _file(self.home / "voice" / hall.id / language, own_clip(window))
        return own is None and not self.rendered(hall, window, language).is_file()


def _spoken(hall: Hall) -> tuple[str, ...]:
    return hall.voice.every_language if hall.voice.on else ()


def words(language: str) -> dict[str, str]:
    """clip → what it says, of everything but labels."""
    return EN if language == "en" else ZH


def _file(folder: Path, clip: str) -> Path | None:
    return next((file for ending in TYPES if (file := folder / f"{clip}{ending}").is_file()), None)


def version(file: Path) -> str:
    """Changes when the file does, so that browsers may keep what they have."""
    facts = file.stat()
    return f"{facts.st_mtime_ns:x}-{facts.st_size:x}"


def length_ms(file: Path) -> int:
    """How long a clip plays, roughly when it is not a WAV file that Python reads."""
    if file.suffix != ".wav":
        return _UNKNOWN_MS
    try:
        with wave.open(str(file), "rb") as clip:
            return round(1000 * clip.getnframes() / clip.getframerate())
    except (wave.Error, EOFError):
        return _UNKNOWN_MS
