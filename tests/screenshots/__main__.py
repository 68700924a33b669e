"""Makes docs/screenshots/*.png from a running system with a morning's life in the hall: make screenshots."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.installation import Installation
from tests.browser.life import Life
from tests.browser.stage import ARGS, CHROMIUM, LOUD, Stage
from tests.screenshots import desk, doors, floor, gallery, manager
from tests.screenshots.shoot import TARGET

_PAST_MINUTES = 90
#: in this order: what changes the hall's description comes last
PICTURES = (
    *(floor.kiosk, floor.display, floor.halls, floor.wall, floor.console, floor.phone, floor.booking),
    *(doors.doors, desk.desk, manager.manager, manager.rating, desk.cases, desk.number_to_case, manager.guarded),
    *(desk.visits, floor.reader, floor.kiosk_stopped),
)


def main() -> None:
    """All pictures, or those whose names are given."""
    pictures = [one for one in PICTURES if len(sys.argv) == 1 or one.__name__ in sys.argv[1:]]
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        installation = Installation(Path(directory) / "data").start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, LOUD])
        try:
            for lang in ("zh", "en"):
                stage = Stage(installation, browser, installation.new_hall(_PAST_MINUTES))
                Life(stage.services, stage.hall.id).morning()
                for picture in pictures:
                    picture(stage, lang)
                stage.close()
        finally:
            browser.close()
            installation.stop()
    gallery.write()


if __name__ == "__main__":
    main()
