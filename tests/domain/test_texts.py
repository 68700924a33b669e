"""What people type, and texts in two languages."""

from __future__ import annotations

import pytest

from hall.domain.errors import TextNotPlain
from hall.domain.texts import Text, plain


@pytest.mark.parametrize(
    "typed",
    [
        "a\x00b",
        "a\nb",
        "a\tb",
        "a\x7fb",
        "a\x85b",
        "right-to-left \u202e override",
        "zero\u200bwidth",
        "isolate \u2066",
        "\ufeffmark",
        "line\u2028separator",
        "paragraph\u2029separator",
        "half a pair \ud83d",
        "<b>bold</b>",
        "<script>",
        "</p>",
        "<!-- -->",
        "<?xml",
        "x" * 501,
    ],
)
def test_control_characters_markup_and_too_much_are_refused(typed: str) -> None:
    with pytest.raises(TextNotPlain) as refusal:
        plain(typed, "note")
    assert refusal.value.facts == {"field": "note"}


@pytest.mark.parametrize("typed", ["社保卡，补领", "a < b and b > c", "3<4", "O'Brien & sons", "👵🏽", "x" * 500, "<3"])
def test_everyday_text_is_taken(typed: str) -> None:
    assert plain(typed, "note") == typed


def test_text_is_trimmed() -> None:
    assert plain("  \u3000 note ", "note") == "note"


def test_english_falls_back_to_chinese_and_never_the_other_way() -> None:
    assert Text("中文", "English").said("en-GB") == "English"
    assert Text("中文", "English").said("zh") == "中文"
    assert Text("中文").said("en") == "中文"
    assert Text("", "English").said("zh") == ""
