"""The shipped clips as sound, how words are read, and which file is taken."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hall.domain.halls import Window
from hall.domain.voice import Voice
from hall.voice.announcement import CHIME, own_clip
from hall.voice.clips import DEFAULT, SHIPPED, Clips, length_ms, version, words
from hall.voice.espeak import phonemes
from hall.voice.render import NothingSaid, render, trimmed
from tests.driver import small_hall

SHIPPED_CLIPS = [(language, clip) for language in ("zh", "en") for clip in words(language)]


def sound(file: Path) -> tuple[int, array[int]]:
    with wave.open(str(file), "rb") as clip:
        assert (clip.getnchannels(), clip.getsampwidth()) == (1, 2)
        return clip.getframerate(), array("h", clip.readframes(clip.getnframes()))


def mean(samples: array[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768


@pytest.mark.parametrize(("language", "clip"), SHIPPED_CLIPS)
def test_a_shipped_clip_is_short_loud_enough_and_never_clipped(language: str, clip: str) -> None:
    rate, samples = sound(SHIPPED / language / DEFAULT / f"{clip}.wav")
    assert rate == 22_050
    assert 0.12 <= len(samples) / rate <= 1.2
    assert max(map(abs, samples)) < 0.95 * 32768, "clipped"
    assert 0.08 <= mean(samples) <= 0.14, "as loud as the others"


@pytest.mark.parametrize(("language", "clip"), SHIPPED_CLIPS)
def test_a_shipped_clip_has_no_silence_at_its_ends_and_no_click(language: str, clip: str) -> None:
    rate, samples = sound(SHIPPED / language / DEFAULT / f"{clip}.wav")
    loud = [n for n, sample in enumerate(samples) if abs(sample) > 300]
    assert loud[0] < 0.06 * rate
    assert len(samples) - loud[-1] < 0.06 * rate
    assert abs(samples[0]) < 100
    assert abs(samples[-1]) < 100


def test_the_whole_set_is_small_and_holds_nothing_else() -> None:
    files = [file for file in SHIPPED.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 3_000_000
    wanted = {SHIPPED / language / DEFAULT / f"{clip}.wav" for language, clip in SHIPPED_CLIPS}
    assert set(files) == wanted | {SHIPPED / f"{CHIME}.wav"}


#: initial, final and tone as espeak-ng writes them; Debian 12's 1.51 reads several of these wrongly
READ = {
    "请": "tɕhˈi2ŋ",
    "号": "χˈɑu5",
    "到": "tˈɑu5",
    "窗口": "ts.hwɑ5ŋkhˈou2",
    "零": "lˈiɜŋ",
    "一": "jˈi5",
    "幺": "jˈɑu5",
    "二": "ˈər5",
    "三": "sˈa5n",
    "四": "sˈi̪5",
    "五": "wˈu2",
    "六": "lˈiou5",
    "七": "tɕhˈi5",
    "八": "pˈɑ5",
    "九": "tɕˈiou2",
    "十": "s.ˈi.ɜ",
}


@pytest.mark.parametrize("word", [one for one in words("zh").values() if not one.isascii()])
def test_every_word_of_a_call_is_read_as_it_should_be(word: str) -> None:
    assert phonemes(word, "zh") == READ[word]


def test_english_words_and_chinese_labels_are_read_by_the_voice_that_can() -> None:
    assert phonemes("window", "en") == "wˈɪndoʊ"
    assert phonemes("咨询台", "en") == phonemes("咨询台", "zh") == "tsˈi̪5 ɕˈyəɜn thˈaiɜ"


def test_the_shipped_clips_are_what_the_renderer_makes(tmp_path: Path) -> None:
    for clip in ("qing", "chuangkou", "7"):
        render(words("zh")[clip], "zh", tmp_path / f"{clip}.wav")
        made, shipped = sound(tmp_path / f"{clip}.wav"), sound(SHIPPED / "zh" / DEFAULT / f"{clip}.wav")
        # not the same samples: the breath of a voice is noise
        assert made[0] == shipped[0]
        assert len(made[1]) == pytest.approx(len(shipped[1]), rel=0.1)
        assert mean(made[1]) == pytest.approx(mean(shipped[1]), rel=0.1)


def test_a_text_without_a_sound_makes_no_clip(tmp_path: Path) -> None:
    with pytest.raises(NothingSaid):
        trimmed(array("h", [0, 3, -5] * 1000), 22_050)
    with pytest.raises(NothingSaid):
        render("   ", "zh", tmp_path / "x.wav")
    assert not list(tmp_path.iterdir())


# Which file -----------------------------------------------------------------------------------


def hall_with(**voice: Any) -> Any:
    windows = (Window("w1", "1", ("a",)), Window("w2", "咨询台", ("a",)))
    return small_hall("h1", voice=Voice(on=True, **voice), windows=windows)


def put(file: Path, data: bytes = b"RIFF") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_a_recorded_file_replaces_one_clip_and_no_other(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    hall = hall_with()
    assert clips.find(hall, "zh", "qing") == SHIPPED / "zh" / DEFAULT / "qing.wav"
    own = put(tmp_path / "voice" / "h1" / "zh" / "qing.mp3")
    assert clips.find(hall, "zh", "qing") == own
    assert clips.find(hall, "zh", "hao") == SHIPPED / "zh" / DEFAULT / "hao.wav"
    assert clips.find(small_hall("h2", voice=Voice(on=True)), "zh", "qing") != own, "another hall's"


def test_halls_may_share_a_voice_and_one_clip_of_their_own_comes_before_it(tmp_path: Path) -> None:
    shared = put(tmp_path / "voices" / "aunt-li" / "zh" / "qing.ogg")
    clips, hall = Clips(tmp_path), hall_with(voice="aunt-li")
    assert clips.find(hall, "zh", "qing") == shared
    own = put(tmp_path / "voice" / "h1" / "zh" / "qing.wav")
    assert clips.find(hall, "zh", "qing") == own


def test_a_clip_that_a_voice_lacks_is_the_default_ones_and_named_once(tmp_path: Path) -> None:
    clips, hall = Clips(tmp_path), hall_with(voice="aunt-li", languages=("wuu",))
    with capture_logs() as logs:
        for _ in range(3):
            assert clips.find(hall, "wuu", "qing") == SHIPPED / "zh" / DEFAULT / "qing.wav"
    assert [(one["language"], one["clip"]) for one in logs] == [("wuu", "qing")]


def test_the_default_voice_misses_nothing(tmp_path: Path) -> None:
    clips, hall = Clips(tmp_path), hall_with()
    with capture_logs() as logs:
        assert all(clips.find(hall, language, clip) for language, clip in [*SHIPPED_CLIPS, ("zh", CHIME)])
    assert logs == []


def test_a_label_is_rendered_once_and_again_when_it_says_something_else(tmp_path: Path) -> None:
    clips, hall = Clips(tmp_path), hall_with()
    text = hall.windows[1]
    assert clips.unrendered(hall) == [(text, "zh"), (text, "en")]
    assert clips.find(hall, "zh", own_clip(text)) is None
    render("咨询台", "zh", clips.rendered(hall, text, "zh"))
    assert clips.unrendered(hall) == [(text, "en")]
    file = clips.find(hall, "zh", own_clip(text))
    assert file is not None
    assert 500 < length_ms(file) < 1500
    renamed = small_hall("h1", voice=Voice(on=True), windows=(Window("w2", "服务台", ("a",)),))
    assert clips.find(renamed, "zh", own_clip(text)) is None


def test_a_hall_that_does_not_speak_has_nothing_to_render(tmp_path: Path) -> None:
    assert Clips(tmp_path).unrendered(small_hall("h1", windows=hall_with().windows)) == []


@pytest.mark.parametrize("clip", ["../secret_key", "..", "a/b", "/etc/passwd", "", "x\0", "QING", "q.wav", "%2e%2e"])
def test_no_name_leads_out_of_the_folders(tmp_path: Path, clip: str) -> None:
    put(tmp_path / "secret_key.wav")
    put(tmp_path / "voice" / "h1" / "secret_key.wav")
    clips = Clips(tmp_path)
    assert clips.find(hall_with(), "zh", clip) is None
    assert clips.find(hall_with(), clip, "qing") is None


def test_a_file_that_was_replaced_has_another_version(tmp_path: Path) -> None:
    file = put(tmp_path / "a.wav")
    before = version(file)
    put(file, b"RIFF and more")
    assert version(file) != before


def test_a_file_that_python_cannot_read_counts_as_three_seconds(tmp_path: Path) -> None:
    assert length_ms(put(tmp_path / "a.mp3")) == length_ms(put(tmp_path / "a.wav")) == 3000
