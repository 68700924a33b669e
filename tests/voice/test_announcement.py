"""Which clips make a call: a table."""

from __future__ import annotations

import pytest

from hall.domain.halls import Window
from hall.domain.voice import Voice
from hall.voice.announcement import announcement, own_words, sentence
from hall.voice.clips import words

CHINESE = [
    ("A012", "3", "qing a 0 1 2 hao dao 3 hao chuangkou"),
    ("B900", "10", "qing b 9 0 0 hao dao 10 hao chuangkou"),
    ("A001", "11", "qing a 0 0 1 hao dao 10 1 hao chuangkou"),
    ("A001", "20", "qing a 0 0 1 hao dao 2 10 hao chuangkou"),
    ("Z999", "35", "qing z 9 9 9 hao dao 3 10 5 hao chuangkou"),
    ("A1234", "101", "qing a 1 2 3 4 hao dao 1 0 1 hao chuangkou"),
    ("A001", "03", "qing a 0 0 1 hao dao 0 3 hao chuangkou"),
    ("A001", "12a", "qing a 0 0 1 hao dao window-w9"),
    ("A001", "咨询台", "qing a 0 0 1 hao dao window-w9"),
]
ENGLISH = [
    ("A012", "3", "number a 0 1 2 please-go-to window 3"),
    ("A012", "15", "number a 0 1 2 please-go-to window 15"),
    ("A012", "20", "number a 0 1 2 please-go-to window 20"),
    ("A012", "35", "number a 0 1 2 please-go-to window 30 5"),
    ("A012", "101", "number a 0 1 2 please-go-to window 1 0 1"),
    ("A012", "03", "number a 0 1 2 please-go-to window 0 3"),
    ("A012", "咨询台", "number a 0 1 2 please-go-to window-w9"),
]


def window(label: str) -> Window:
    return Window("w9", label, ("a",))


@pytest.mark.parametrize(("number", "label", "said"), CHINESE)
def test_a_call_in_chinese(number: str, label: str, said: str) -> None:
    assert sentence(number, window(label), "zh", Voice()).clips == tuple(said.split())


@pytest.mark.parametrize(("number", "label", "said"), ENGLISH)
def test_a_call_in_english(number: str, label: str, said: str) -> None:
    assert sentence(number, window(label), "en", Voice()).clips == tuple(said.split())


def test_a_dialect_has_the_chinese_order_of_words() -> None:
    assert sentence("A012", window("3"), "wuu", Voice()).clips == sentence("A012", window("3"), "zh", Voice()).clips


def test_the_one_of_a_number_is_yao_by_setting_and_that_of_a_window_never() -> None:
    said = sentence("A112", window("1"), "zh", Voice(one_as_yao=True)).clips
    assert said == ("qing", "a", "yao", "yao", "2", "hao", "dao", "1", "hao", "chuangkou")
    assert "yao" not in sentence("A112", window("1"), "en", Voice(one_as_yao=True)).clips


def test_every_clip_of_a_sentence_is_one_of_the_list() -> None:
    for language in ("zh", "en"):
        for label in range(200):
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
                said = sentence(f"{letter}{label:03}", window(str(label)), language, Voice(one_as_yao=True)).clips
                assert set(said) <= words(language).keys()


@pytest.mark.parametrize(
    ("label", "language", "said"),
    [
        ("12a", "zh", "12a号窗口"),
        ("12a", "en", "window 12a"),
        ("咨询台", "zh", "咨询台"),
        ("咨询台", "en", "咨询台"),
    ],
)
def test_what_the_clip_of_a_label_says(label: str, language: str, said: str) -> None:
    assert own_words(window(label), language) == said


@pytest.mark.parametrize(
    ("ticket", "waiting", "languages", "repeat"),
    [
        ("zh", 0, ["zh"], 2),
        ("zh", 1, ["zh"], 2),
        ("zh", 2, ["zh"], 1),
        ("en", 0, ["zh", "en"], 2),
        ("en", 2, ["zh", "en"], 1),
        ("en", 4, ["zh", "en"], 1),
        ("en", 5, ["zh"], 1),
        ("en", 500, ["zh"], 1),
    ],
)
def test_under_load_repeats_go_first_then_english_and_never_a_call(
    ticket: str, waiting: int, languages: list[str], repeat: int
) -> None:
    said = announcement("A012", window("3"), ticket, waiting, Voice())
    assert ([one.language for one in said.sentences], said.repeat) == (languages, repeat)


def test_a_hall_may_speak_two_languages_to_everybody() -> None:
    voice = Voice(languages=("zh", "wuu"), on_request=("en", "zh"))
    assert [one.language for one in announcement("A012", window("3"), "zh", 0, voice).sentences] == ["zh", "wuu"]
    assert [one.language for one in announcement("A012", window("3"), "en", 0, voice).sentences] == ["zh", "wuu", "en"]


@pytest.mark.parametrize(
    "wrong",
    [{"languages": ()}, {"languages": ("../zh",)}, {"on_request": ("english",)}, {"repeat": 0}, {"voice": "../x"}],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"language|repeat|voice"):
        Voice(**wrong)  # type: ignore[arg-type]  # that is the point
