"""The leader's part in the voice: has the labels of windows rendered that no clip says yet."""

from __future__ import annotations

from rq import Queue

from hall.bootstrap import Sanban
from workers import queues


class VoiceReader:
    """Looks once for each version of a hall's description; a crash before the job is made up for by the next leader."""

    def __init__(self, sanban: Sanban, jobs: Queue) -> None:
        self._sanban = sanban
        self._jobs = jobs
        self._seen: dict[str, int] = {}

    def turn(self, hall_id: str) -> None:
        version = self._sanban.halls.current(hall_id).version
        if self._seen.get(hall_id) == version:
            return
        self._seen[hall_id] = version
        if self._sanban.voices.to_render(hall_id):
            queues.put(self._jobs, "render_voice", f"{hall_id}-voice-{version}", hall_id)
