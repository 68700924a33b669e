"""Which passwords are taken."""

from __future__ import annotations

import pytest

from hall.domain.errors import TextNotPlain
from hall.services import passwords
from hall.services.passwords import weakness
from tests.web.conftest import PASSWORD, Site


@pytest.mark.parametrize(
    "bad", ["aaaaaaaaaaaa", "123456789012", "passwordpassword", "qwertyuiopas", "annannannann1", "sanban123456"]
)
def test_a_password_that_is_tried_first_is_refused(site: Site, bad: str) -> None:
    assert weakness(bad, "ann") == "guessed"
    link = f"/set-up/{site.sanban.access.set_up_code(site.id)}"
    answer = site.nobody().submit(f"{link}?lang=en", {"name": "ann", "password": bad, "again": bad})
    assert answer.status_code == 422
    assert "easily guessed" in answer.text


@pytest.mark.parametrize("bad", ["1q2w3e4r5t6y", "Unbelievable", "superman2024!!", "sunshineprincess", "!QWEasdzxc123"])
def test_a_password_of_the_most_used_is_refused_and_says_so(site: Site, bad: str) -> None:
    assert weakness(bad, "ann") == "common"
    link = f"/set-up/{site.sanban.access.set_up_code(site.id)}"
    answer = site.nobody().submit(f"{link}?lang=en", {"name": "ann", "password": bad, "again": bad})
    assert answer.status_code == 422
    assert "one of the most used" in answer.text
    site.sanban.access.set_staff(site.id, "ann", "Ann", "clerk", PASSWORD, "test")
    with pytest.raises(TextNotPlain):
        site.sanban.access.set_password(site.id, "ann", bad, "test")


def test_the_list_holds_three_times_the_passwords_that_the_standard_asks_for() -> None:
    """ASVS 6.2.4: the 3,000 most used that are long enough for us."""
    listed = [one for one in passwords._common() if len(one) >= passwords.SHORTEST_PASSWORD]
    assert len(listed) > 9000
    assert all(weakness(one, "ann") for one in listed)


@pytest.mark.parametrize("good", ["correct horse battery", "jr8-Vhs02ka_9", "五点半去打太极拳吧呀哦嗯"])
def test_a_few_words_or_chance_are_taken(good: str) -> None:
    assert weakness(good, "ann") == ""
