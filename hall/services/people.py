"""People: one record each, whatever they come for. Only here are records read and written in clear."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from hall.domain import identity
from hall.domain.booking_errors import UnknownPerson
from hall.domain.callers import Caller
from hall.domain.errors import StaleConfig
from hall.domain.people import Person, read_email, read_phone, same_name
from hall.domain.texts import plain
from hall.services.moves import Args
from hall.services.sealing import Sealed
from hall.services.secrets import Secrets
from hall.store.people import PeopleStore, Record
from hall.store.store import Store


def checked(person: Person, today: date) -> Person:
    """A person as typed, in plain form. Raises BAD_PHONE, BAD_EMAIL, BAD_IDENTITY_NUMBER, TEXT_NOT_PLAIN."""
    return Person(
        name=" ".join(plain(person.name, "name", 60).split()),
        phone=read_phone(person.phone) if person.phone.strip() else "",
        id_number=identity.read(person.id_number, today, by_hand=True).number if person.id_number.strip() else "",
        description=plain(person.description, "description", 1000),
        email=read_email(person.email) if person.email.strip() else "",
    )


@dataclass(frozen=True, slots=True)
class People:
    store: Store
    secrets: Secrets

    @property
    def _people(self) -> PeopleStore:
        return PeopleStore(self.store)

    def get(self, hall_id: str, person_id: str) -> Person:
        """Raises `UnknownPerson`, also for one who was erased."""
        person = self.many(hall_id, [person_id]).get(person_id)
        if person is None:
            raise UnknownPerson()
        return person

    def many(self, hall_id: str, ids: Iterable[str]) -> dict[str, Person]:
        """People by id; erased ones are left out. Of one who was merged, what the other record says comes first."""
        wanted, same = list(dict.fromkeys(ids)), self._people.same(hall_id)
        roots = {person_id: _root(same, person_id) for person_id in wanted}
        records = self._people.read(hall_id, [*wanted, *roots.values()])
        own = {person_id: self._open(hall_id, person_id, record) for person_id, record in records.items()}
        return {
            person_id: _both(own[root], own[person_id]) if root != person_id and root in own else own[person_id]
            for person_id, root in roots.items()
            if person_id in own
        }

    def merged(self, hall_id: str, person_id: str) -> str | None:
        """The record that somebody's own one was merged with, if one was."""
        return self._people.same(hall_id).get(person_id)

    def family(self, hall_id: str, person_id: str) -> list[str]:
        """Every record of the same person, this one among them."""
        same = self._people.same(hall_id)
        root = _root(same, person_id)
        return sorted({person_id, root, *(one for one in same if _root(same, one) == root)})

    def roots(self, hall_id: str, ids: Iterable[str]) -> dict[str, str]:
        """The one id that stands for each person."""
        same = self._people.same(hall_id)
        return {person_id: _root(same, person_id) for person_id in ids}

    def find(self, hall_id: str, *, id_number: str = "", phone: str = "") -> dict[str, Person]:
        """The people with an identity number (at most one) or a phone (perhaps a family), in plain form."""
        number = self.secrets.person(hall_id, id_number) if id_number else self._phone_hash(hall_id, phone)
        return self.many(hall_id, self._people.found(hall_id, number))

    def card_hash(self, hall_id: str, person_id: str) -> str | None:
        """Keyed hash of the person's identity number, if it is known: the one that finds open tickets."""
        record = self._people.read(hall_id, [person_id]).get(person_id)
        return record["card"] or None if record else None

    def keep(self, caller: Caller, hall_id: str, person: Person, person_id: str | None = None) -> str:
        """Write what is known of a (checked) person, found by number or phone unless `person_id` says who it
        is; what is left empty stays as it was. Returns the person's id."""
        asked = self.print(hall_id, person, person_id or "")
        try:
            return self._people.keep(hall_id, caller, self.record(hall_id, person, person_id, rename=True), asked)
        except StaleConfig:  # the wrapping key changed meanwhile
            return self._people.keep(hall_id, caller, self.record(hall_id, person, person_id, rename=True), asked)

    def erase(self, caller: Caller, hall_id: str, person_id: str, why: str = "asked") -> None:
        """Destroy every record of a person, its key, what cases say of them and what finds it. Raises
        `UnknownPerson`."""
        others = [one for one in self.family(hall_id, person_id) if one != person_id]
        self._people.erase(hall_id, caller, person_id, why)
        for one in self._people.read(hall_id, others):
            self._people.erase(hall_id, replace(caller, key=None), one, why)

    def print(self, hall_id: str, person: Person, *more: str) -> str:
        """What a request says of a person, as keyed hash: a plain one could be searched for numbers."""
        return self.secrets.hidden("print", hall_id, *asdict(person).values(), *more)

    def record(self, hall_id: str, person: Person, person_id: str | None = None, *, rename: bool = False) -> Args:
        """A checked person as scripts write one: found, or new. Whoever books online (no `rename`) has shown no card:
        a name that is known stays, and so does the phone unless they know that name."""
        known = person_id or self._match(hall_id, person)
        old_record = self._people.read(hall_id, [known]).get(known) if known else None
        if known is None or old_record is None:
            if person_id is not None:
                raise UnknownPerson()
            new_id = os.urandom(8).hex()
            return self._sealed(hall_id, new_id, person, None)
        old = self._open(hall_id, known, old_record)
        merged = Person(**{name: value or getattr(old, name) for name, value in asdict(person).items()})
        if old.name and not rename:
            knows = same_name(old.name, person.name)
            phone = merged.phone if knows else old.phone or merged.phone
            # Where messages go must not be changed, nor first set, by somebody who only knows the number.
            merged = replace(merged, name=old.name, phone=phone, email=merged.email if knows else old.email)
        if merged == old:
            return {"id": known, "known": True}
        return {**self._sealed(hall_id, known, merged, old_record["key"]), "known": True}

    def with_phone(self, hall_id: str, phone: str) -> list[str]:
        """Ids of the people with a phone."""
        return self._people.found(hall_id, self._phone_hash(hall_id, phone)) if phone else []

    def _match(self, hall_id: str, person: Person) -> str | None:
        """Who this is: by identity number; else somebody with this phone and name whose number is not another."""
        if person.id_number and (found := self.find(hall_id, id_number=person.id_number)):
            return next(iter(found))
        for person_id, other in (self.find(hall_id, phone=person.phone) if person.phone else {}).items():
            if same_name(other.name, person.name) and not (person.id_number and other.id_number):
                return person_id
        return None

    def _phone_hash(self, hall_id: str, phone: str) -> str:
        return self.secrets.hidden("phone", hall_id, phone)

    def _sealed(self, hall_id: str, person_id: str, person: Person, wrapped_key: str | None) -> Args:
        data = json.dumps({name: value for name, value in asdict(person).items() if value}, ensure_ascii=False)
        sealed = self.secrets.sealer.seal(f"{hall_id}/{person_id}", data.encode(), wrapped_key)
        card = self.secrets.person(hall_id, person.id_number) if person.id_number else None
        finds = [card] if card else []
        if person.phone:
            finds.append(self._phone_hash(hall_id, person.phone))
        return {
            "id": person_id,
            "blob": sealed.blob,
            "key": sealed.key,
            "finds": finds,
            **({"card": card} if card else {}),
        }

    def _open(self, hall_id: str, person_id: str, record: Record) -> Person:
        data = self.secrets.sealer.open(f"{hall_id}/{person_id}", Sealed(record["blob"], record["key"]))
        return Person(**json.loads(data))


def _root(same: Mapping[str, str], person_id: str) -> str:
    """The record at the end of the way; the store lets no way be a circle."""
    while person_id in same:
        person_id = same[person_id]
    return person_id


def _both(first: Person, other: Person) -> Person:
    return Person(**{name: value or getattr(other, name) for name, value in asdict(first).items()})
