"""Identity numbers: made-up ones, right by their check digit."""

from __future__ import annotations

from datetime import date

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from hall.domain import identity
from hall.domain.errors import BadIdentityNumber
from tests.services.people import identity as made_up

TODAY = date(2026, 11, 24)
GOOD = made_up("19491231", area="110105", serial="002")

#: valid by ISO 7064 for any birth date and serial
numbers = st.builds(
    lambda area, born, serial: made_up(born.strftime("%Y%m%d"), f"{area:06}", f"{serial:03}"),
    st.integers(100000, 999999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def why(text: str, *, by_hand: bool = False, today: date = TODAY) -> str:
    with pytest.raises(BadIdentityNumber) as refusal:
        identity.read(text, today, by_hand=by_hand)
    return str(refusal.value.facts["why"])


def test_the_number_of_the_standards_own_example_is_right() -> None:
    assert GOOD == "11010519491231002X"
    assert identity.read(GOOD, TODAY) == (GOOD, date(1949, 12, 31))


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "910108", "110105", "659001", "000000"])
def test_residence_permits_and_area_codes_of_any_age_are_taken(area: str) -> None:
    number = made_up("19800101", area=area)
    assert identity.read(number, TODAY).number == number


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 11010519491231002X ",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
    ],
)
def test_what_people_type_is_brought_to_the_plain_form(typed: str) -> None:
    assert identity.read(typed, TODAY).number == GOOD


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "length"),
        ("1101051949123100", "length"),
        ("11010519491231002X1", "length"),
        ("1101051949123100ⅩX", "characters"),
        ("1101051949123100²X", "characters"),
        ("1101051949X231002X", "characters"),
        ("11010519491231002Y", "characters"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "characters"),
        (made_up("20270101"), "future"),
        (made_up("20261125"), "future"),
        (made_up("19490229"), "date"),
        (made_up("19491301"), "date"),
        (made_up("19490431"), "date"),
        (made_up("00010101"), "date"),
        (made_up("18491231"), "date"),
        ("110105194912310021", "check"),
    ],
)
def test_a_wrong_number_is_told_why(typed: str, reason: str) -> None:
    assert why(typed) == reason


def test_who_is_born_today_has_a_number() -> None:
    assert identity.read(made_up("20261124"), TODAY).born == TODAY


def test_a_leap_day_is_a_birth_date_in_leap_years() -> None:
    assert identity.read(made_up("19480229"), TODAY).born == date(1948, 2, 29)


def test_the_old_form_of_fifteen_digits_is_taken_by_hand_alone() -> None:
    assert identity.read("110105491231002", TODAY, by_hand=True).number == GOOD
    assert why("110105491231002") == "length"
    assert why("11010549123100X", by_hand=True) == "length"
    assert why("110105491331002", by_hand=True) == "date"


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(numbers)
def test_every_single_wrong_character_and_every_swap_of_neighbours_is_found(number: str) -> None:
    assert identity.read(number, TODAY).number == number
    for place in range(18):
        for other in "0123456789" + ("X" if place == 17 else ""):
            wrong = number[:place] + other + number[place + 1 :]
            if wrong != number:
                why(wrong)
    for place in range(17):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if swapped != number:
            why(swapped)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(1946, 11, 25), TODAY, 79),  # the day before the 80th birthday
        (date(1946, 11, 24), TODAY, 80),  # on it
        (date(1946, 11, 23), TODAY, 80),
        (date(1948, 2, 29), date(2028, 2, 28), 79),
        (date(1948, 2, 29), date(2028, 2, 29), 80),
        (date(1948, 2, 29), date(2029, 2, 28), 80),
        (date(1948, 2, 29), date(2029, 3, 1), 81),
        (TODAY, TODAY, 0),
    ],
)
def test_age_counts_in_complete_years(born: date, today: date, years: int) -> None:
    assert identity.age(born, today) == years


def test_a_mask_hides_the_birth_date() -> None:
    assert identity.mask(GOOD) == "110***********002X"
