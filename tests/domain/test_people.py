"""Phone numbers as people write them, and what staff see of a person."""

from __future__ import annotations

import pytest

from hall.domain.booking_errors import BadPhone
from hall.domain.people import Person, mask_name, mask_phone, masked, read_phone, same_name


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("8613812345678", "+8613812345678"),
        ("0086 13812345678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("021-62551234", "+862162551234"),
        ("(0512) 6255123", "+865126255123"),
        ("+852 9123 4567", "+85291234567"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_number_has_one_form_however_it_is_written(typed: str, read: str) -> None:
    assert read_phone(typed) == read


@pytest.mark.parametrize("typed", ["", "1381234567", "12812345678", "62551234", "+86123", "138123456789", "tel 138"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        read_phone(typed)


def test_staff_see_a_person_masked() -> None:
    person = Person("欧阳小明", "+8613812345678", "310107196001010020", "蓝外套")
    assert masked(person) == {"name": "欧***", "phone": "138****5678", "id_number": "310***********0020"}
    assert masked(Person()) == {"name": "", "phone": "", "id_number": ""}
    assert mask_name("Jane Smith") == "J*** S****"
    assert mask_phone("+862162551234") == "216****1234"
    assert mask_phone("+3545551") == "***51"


def test_names_are_the_same_whatever_spaces_and_case() -> None:
    assert same_name("李 小明", "李小明")
    assert same_name("Jane Smith", "jane  SMITH")
    assert not same_name("李小明", "李小")
