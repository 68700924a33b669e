"""What people may ask of us, and what is done without being asked: all that is kept of one, erasing it, and the nightly
sweep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from hall.domain import identity
from hall.domain.callers import Caller
from hall.domain.errors import BadIdentityNumber
from hall.domain.people import Person, masked, read_phone
from hall.domain.policy import DAY
from hall.services.case_texts import CaseTexts
from hall.services.moves import Moves
from hall.services.people import People
from hall.services.secrets import Secrets
from hall.store.appointments import AppointmentStore
from hall.store.cases import CaseStore
from hall.store.notices import NoticeStore
from hall.store.office import OfficeStore
from hall.store.people import PeopleStore
from hall.store.sweep import SweepStore

#: the hour of the night, in the hall's zone, after which the day's sweep is due
NIGHT_HOUR: Final = 3
HIDDEN: Final = "***"
_BATCH: Final = 500
How = Literal["masked", "clear", "file"]
About = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Privacy:
    moves: Moves
    secrets: Secrets

    @property
    def people(self) -> People:
        return People(self.moves.store, self.secrets)

    @property
    def _records(self) -> PeopleStore:
        return PeopleStore(self.moves.store)

    # Asked for -----------------------------------------------------------------------------------

    def find(self, hall_id: str, typed: str) -> dict[str, Person]:
        """Whose identity number or phone this is: at most one, or a family. Raises `BadPhone` for what is neither."""
        try:
            number = identity.read(typed, self._today(hall_id), by_hand=True).number
        except BadIdentityNumber:
            return self.people.find(hall_id, phone=read_phone(typed))
        return self.people.find(hall_id, id_number=number)

    def about(self, caller: Caller, hall_id: str, person_id: str, how: How = "masked") -> About:
        """All that is kept of a person, as plain data; times in the hall's zone. The journal says who looked. Raises
        `UnknownPerson`."""
        person = self.people.get(hall_id, person_id)
        self._records.shown(hall_id, caller, person_id, how)
        appointments = self._appointments(hall_id, person_id)
        cases = self._cases(hall_id, person_id)
        tickets = self._tickets(hall_id, person_id)
        told = [f"appointment/{one['id']}" for one in appointments] + [f"ticket/{one['id']}" for one in tickets]
        clear = how != "masked"
        return {
            "hall": hall_id,
            "id": person_id,
            "person": asdict(person) if clear else masked(person),
            "tickets": [self._plain(hall_id, one) for one in tickets],
            "appointments": [self._plain(hall_id, one) for one in appointments],
            "missed": [self._time(hall_id, at) for at in self._records.no_shows(hall_id, person_id)],
            "notices": [
                self._plain(hall_id, one) for one in NoticeStore(self.moves.store).newest(hall_id, told).values()
            ],
            "cases": cases if clear else [_hidden(case) for case in cases],
        }

    def erase(self, caller: Caller, hall_id: str, person_id: str) -> None:
        """Destroy a person's records and keys, those too that were found to be the same person's, because somebody
        asked for it. Raises `UnknownPerson`."""
        self.people.get(hall_id, person_id)
        for one in self._still_there(hall_id, self.people.family(hall_id, person_id)):
            self.people.erase(caller, hall_id, one)

    def _tickets(self, hall_id: str, person_id: str) -> list[About]:
        cards = {self.people.card_hash(hall_id, one) for one in self.people.family(hall_id, person_id)}
        return [ticket for card in cards if card for ticket in self._records.open_tickets(hall_id, card)]

    def _appointments(self, hall_id: str, person_id: str) -> list[About]:
        """Cancelled ones too, which a person's own list leaves out."""
        every = AppointmentStore(self.moves.store).between(hall_id, 0, self.moves.clock() + 3650 * DAY)
        own = self.people.family(hall_id, person_id)
        return [one for one in every if one["person"] in own]

    def _cases(self, hall_id: str, person_id: str) -> list[About]:
        store, texts = CaseStore(self.moves.store), CaseTexts(self.moves.store, self.secrets)
        found = []
        records = self.people.family(hall_id, person_id)
        for case in [case for one in records for case in store.of_person(hall_id, one)]:
            said = texts.opened(hall_id, case["person"], store.texts(hall_id, case["id"]))
            story = [self._plain(hall_id, one) for one in store.story(hall_id, case["id"])]
            found.append({**self._plain(hall_id, case), "story": story, "texts": said})
        return found

    def _plain(self, hall_id: str, image: About) -> About:
        """An image for people to read: times instead of milliseconds."""
        return {name: self._time(hall_id, value) if _is_ms(value) else value for name, value in image.items()}

    def _time(self, hall_id: str, at: int) -> str:
        return f"{self.moves.halls.get(hall_id).calendar.local(at):%Y-%m-%d %H:%M}"

    def _today(self, hall_id: str) -> Any:
        return self.moves.halls.get(hall_id).calendar.date_of(self.moves.clock())

    # Every night ---------------------------------------------------------------------------------

    def due(self, hall_id: str, now: int) -> str | None:
        """The date of the night whose sweep is still to be done; None: it is done."""
        calendar = self.moves.halls.get(hall_id).calendar
        night = calendar.date_of(now)
        if calendar.ms(night, NIGHT_HOUR * 60) > now:
            night -= timedelta(days=1)
        swept = OfficeStore(self.moves.store).swept(hall_id)
        return None if swept is not None and swept >= calendar.ms(night, NIGHT_HOUR * 60) else night.isoformat()

    def sweep(self, hall_id: str, now: int | None = None) -> dict[str, int]:
        """Drop what is kept no longer, and say so in the journal. Returns how many of each kind; twice does nothing
        twice."""
        caller = Caller(by="timer", now=now)
        at, hall = self.moves.now(caller), self.moves.halls.get(hall_id)
        kept = hall.retention
        days = {
            "appointments": kept.appointment_days,
            "notices": kept.notice_days,
            "cases": hall.cases.keep,
            "visits": kept.visit_days,
        }
        store = SweepStore(self.moves.store)
        counts = store.sweep(hall_id, caller, {kind: at - count * DAY for kind, count in days.items()})
        counts["people"] = self._sweep_people(caller, hall_id, at, at - kept.people_days * DAY)
        store.swept(hall_id, caller, counts)
        return counts

    def _sweep_people(self, caller: Caller, hall_id: str, now: int, before: int) -> int:
        for ids in self._records.everybody(hall_id, _BATCH):
            self._records.adopt(hall_id, ids, now)
        gone = sum(
            self._records.erase_unneeded(hall_id, caller, person_id, before)
            for person_id in self._still_there(hall_id, self._records.unneeded(hall_id, before))
        )
        if gone:
            self.moves.store.forget_deleted()
        return gone

    def _still_there(self, hall_id: str, ids: Iterable[str]) -> list[str]:
        return list(self._records.read(hall_id, ids))


def _is_ms(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 10**11


def _hidden(case: About) -> About:
    return {**case, "texts": dict.fromkeys(case["texts"], HIDDEN)}
