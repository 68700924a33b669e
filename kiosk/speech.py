"""What the kiosk reads aloud on its pages. Run `python -m kiosk.speech` after a change: it renders the sounds anew."""

from __future__ import annotations

import hashlib
import json
import wave
from pathlib import Path
from typing import Final

from hall.voice.render import render

FOLDER: Final = Path(__file__).resolve().parent / "static" / "speech"
#: which texts the sounds were made from, by language and page
MADE: Final = FOLDER / "made.json"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated later
    return text


#: page, and its state where that says something else (kiosk/static/js/sounds.js) → what is said there; never names or
#: numbers
PAGES: Final[dict[str, str]] = {
    "home": N_(
        "Welcome. Touch: take a number, I have an appointment, priority service, or ask for help. You can put your"
        " identity card on the reader at any time."
    ),
    "services": N_("Please touch what you came for. You can also search by letters."),
    "services-card": N_("Your card was read. Now touch what you came for."),
    "choose": N_("Please touch what you came for."),
    "search": N_("Please touch the first letters of what you came for."),
    "priority": N_("Put your identity card on the reader, or touch what you have a document for."),
    "appointment": N_("Put your identity card or your code on the reader, or touch the eight digits of your code."),
    "materials": N_("These papers are needed. If all are there, touch: take a number."),
    "materials-none": N_("No papers are needed. Touch: take a number."),
    "missing": N_("Touch the papers that you do not have, then print what you need."),
    "told": N_("Please take the slip. It says what to bring."),
    "told-unprinted": N_("Nothing is printed. The page says what to bring: please remember or photograph it."),
    "number": N_(
        "This is your number. Please take your ticket, wait until it is called, and look at the screens in the hall."
    ),
    "number-unprinted": N_(
        "This is your number. Nothing is printed: please remember or photograph it. Wait until it is called, and look"
        " at the screens in the hall."
    ),
    "own-waiting": N_("Your number is waiting. Please listen for the call."),
    "own-called": N_("It is your turn. Please go to the window."),
    "own-serving": N_("You are being served."),
    "own-parked": N_("Your number is set aside. The clerk will call you again."),
    "own-missed": N_("Your number was called. Touch “I am here”, and you are called again."),
    "own-over": N_("This number is not valid any more."),
    "help": N_("Touch the large button, and a member of staff comes to you."),
    "help-called": N_("We have been told. Please wait here: a member of staff comes to this machine."),
    "help-coming": N_("Somebody is coming to you. Please wait here a moment."),
    "refused": N_("No number was given. The page says why, and what you can do."),
    "closed": N_("No numbers are given now. The page says when they are given again."),
    "away": N_("The machine cannot reach the system. Please go to the service desk; this page comes back by itself."),
    "unpaired": N_("This machine is out of service. Please go to the service desk."),
}


def texts(language: str) -> dict[str, str]:
    """page → its text in a language."""
    from hall.web.texts import _messages

    known = _messages("kiosk") if language == "zh" else {}
    return {page: known.get(text, text) for page, text in PAGES.items()}


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _shrink(file: Path) -> None:
    """8 bits and half the rate: speech needs no more, and these are many seconds."""
    import audioop

    with wave.open(str(file)) as clip:
        rate, frames = clip.getframerate(), clip.readframes(clip.getnframes())
    frames, _ = audioop.ratecv(frames, 2, 1, rate, rate // 2, None)
    with wave.open(str(file), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(rate // 2)
        clip.writeframes(frames)


def main() -> None:
    made: dict[str, dict[str, str]] = {}
    for language in ("zh", "en"):
        made[language] = {}
        for page, text in texts(language).items():
            file = FOLDER / language / f"{page}.wav"
            render(text, language, file)
            _shrink(file)
            made[language][page] = fingerprint(text)
    MADE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
