"""好差评: how it was, said by the person who was served; and what is done about bad ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hall.domain.callers import Caller
from hall.domain.errors import ReasonMissing
from hall.domain.halls import Hall
from hall.domain.office import BAD, LEVELS, PAD_MS, Source
from hall.domain.office_errors import BadRating, RatingOff
from hall.domain.texts import plain
from hall.services.moves import Args, Moves
from hall.services.secrets import Secrets
from hall.store.office import OfficeStore

Json = dict[str, Any]
_DAY_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Ratings:
    moves: Moves
    secrets: Secrets

    def by_token(self, caller: Caller, token: str, level: int, items: Sequence[str] = ()) -> Json:
        """By the holder of a ticket, once. Raises `NotFinished`, `AlreadyRated`, `RatingOff`, `BadRating`,
        `UnknownTicket`."""
        hall_id, ticket = self.secrets.read_ticket_token(token)
        return self._rate(caller, hall_id, level, items, "phone", {"ticket": ticket})

    def by_pad(self, caller: Caller, hall_id: str, window: str, level: int, items: Sequence[str] = ()) -> Json:
        """At a window's pad, for the service that ended there last, not longer than `PAD_MS` ago: the next number may
        have been called since. Raises as `by_token`, and `UnknownWindow`."""
        here = {"window": self.moves.halls.get(hall_id).window(window).id, "pad_ms": PAD_MS}
        return self._rate(caller, hall_id, level, items, "pad", here)

    def by_staff(self, caller: Caller, hall_id: str, number: str, level: int, items: Sequence[str] = ()) -> Json:
        """Entered by staff for somebody; marked so in every report. Raises as `by_token`."""
        hall = self.moves.halls.get(hall_id)
        named = {"number": number, "date": self.moves.today(caller, hall)}
        return self._rate(caller, hall_id, level, items, "staff", named)

    def _rate(
        self, caller: Caller, hall_id: str, level: int, items: Sequence[str], source: Source, whose: Args
    ) -> Json:
        def prepare(hall: Hall) -> Args:
            if not hall.rating.enabled:
                raise RatingOff()
            if level not in LEVELS:
                raise BadRating(level=level)
            if unknown := set(items) - {item.id for item in hall.rating.items}:
                raise BadRating(item=min(unknown))
            due = hall.rating.follow_up_days * _DAY_MS if level in BAD else None
            return {**whose, "level": level, "items": sorted(set(items)) or None, "source": source, "due_ms": due}

        rating: Json = self.moves.run(hall_id, "rate", caller, prepare, [level, sorted(items), whose])["rating"]
        return rating

    def follow_ups(self, hall_id: str, now: int) -> list[Json]:
        """Bad ratings that wait for an answer, the most urgent first; `overdue`: the date has passed."""
        self.moves.halls.get(hall_id)
        open_ = OfficeStore(self.moves.store).follow_ups(hall_id).values()
        return [
            {**rating, "overdue": rating["due_at"] < now} for rating in sorted(open_, key=lambda one: one["due_at"])
        ]

    def answer(self, caller: Caller, hall_id: str, rating: int, answer: str) -> Json:
        """What was done. Raises `UnknownRating`, `ReasonMissing`."""
        said = plain(answer, "answer", 500)
        if not said:
            raise ReasonMissing(move="answer")
        args = {"rating": str(rating), "answer": said}
        answered: Json = self.moves.run(hall_id, "answer_rating", caller, lambda _: args)["rating"]
        return answered
