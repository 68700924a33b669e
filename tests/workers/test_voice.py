"""The labels of windows are rendered by a job, once for each description of a hall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rq import Queue

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.halls import Window
from hall.domain.voice import Voice
from hall.voice.clips import length_ms
from workers.follower import Follower
from workers.voice import VoiceReader

Work = Callable[[], list[str]]
New = Callable[..., str]
DESK = Window("desk", "咨询台", ("a",))


def speak(sanban: Sanban, hall_id: str, *windows: Window, on: bool = True) -> None:
    hall = replace(sanban.halls.get(hall_id), windows=windows or (Window("w1", "1", ("a",)), DESK), voice=Voice(on=on))
    sanban.halls.save(hall, Caller(by="manager"))


def test_a_label_that_is_text_is_rendered_when_the_hall_is_described(
    sanban: Sanban, new_hall: New, jobs: Queue, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = new_hall()
    speak(sanban, hall)
    follower = Follower(sanban, jobs)
    follower._follow(hall)
    follower.serve(hall)
    assert sanban.voices.clip(hall, "zh", "window-desk") is None, "not in the follower itself"
    assert "workers.jobs.render_voice" in work()
    clip = sanban.voices.clip(hall, "zh", "window-desk")
    assert clip is not None
    assert 400 < length_ms(clip) < 2000
    assert sanban.voices.to_render(hall) == 0
    follower.serve(hall)
    assert "workers.jobs.render_voice" not in work()


def test_another_label_is_rendered_too_and_the_old_clip_is_no_longer_said(
    sanban: Sanban, new_hall: New, jobs: Queue, work: Work
) -> None:
    hall = new_hall()
    speak(sanban, hall)
    reader = VoiceReader(sanban, jobs)
    reader.turn(hall)
    work()
    first = sanban.voices.clip(hall, "zh", "window-desk")
    speak(sanban, hall, replace(DESK, label="服务台"))
    assert sanban.voices.clip(hall, "zh", "window-desk") is None
    reader.turn(hall)
    work()
    assert sanban.voices.clip(hall, "zh", "window-desk") not in (None, first)


def test_nothing_is_rendered_for_a_hall_that_needs_nothing(sanban: Sanban, new_hall: New, jobs: Queue) -> None:
    silent, numbers = new_hall(), new_hall()
    speak(sanban, silent, on=False)
    speak(sanban, numbers, Window("w1", "1", ("a",)), Window("w2", "12", ("a",)))
    for hall in (silent, numbers):
        VoiceReader(sanban, jobs).turn(hall)
    assert jobs.jobs == []


def test_a_label_that_cannot_be_said_does_not_keep_the_others_from_being_rendered(
    sanban: Sanban, new_hall: New, jobs: Queue, work: Work
) -> None:
    hall = new_hall()
    speak(sanban, hall, Window("w1", "★", ("a",)), DESK)
    VoiceReader(sanban, jobs).turn(hall)
    work()
    assert sanban.voices.clip(hall, "zh", "window-desk") is not None
