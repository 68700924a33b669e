"""What cases say of people, encrypted under the person's own key: who destroys the key has destroyed these too."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from hall.domain.booking_errors import UnknownPerson
from hall.domain.errors import TextNotPlain
from hall.domain.texts import plain
from hall.services.moves import Args
from hall.services.sealing import Sealed
from hall.services.secrets import Secrets
from hall.store.people import PeopleStore
from hall.store.store import Store

#: characters of one text
LONGEST = 1000
#: bytes of a photograph, and how every JPEG begins
LARGEST_PHOTO, _JPEG = 300 * 1024, b"\xff\xd8\xff"
_WHAT = "text of a case"


@dataclass(frozen=True, slots=True)
class CaseTexts:
    store: Store
    secrets: Secrets

    def sealed(self, hall_id: str, person: Args | str, texts: Mapping[str, str]) -> dict[str, str] | None:
        """Typed texts by name as scripts keep them, empty ones left out. `person`: an id, or a record that is about to
        be written. Raises `TextNotPlain`, `UnknownPerson`."""
        said = {name: plain(text, name, LONGEST) for name, text in texts.items()}
        said = {name: text for name, text in said.items() if text}
        if not said:
            return None
        owner, key = self._key(hall_id, person)
        sealer = self.secrets.sealer
        return {name: sealer.seal(owner, text.encode(), key, _WHAT).blob for name, text in said.items()}

    def sealed_photo(self, hall_id: str, person_id: str, photo: str) -> str:
        """A JPEG as base64, as scripts keep it. Raises `TextNotPlain` for anything else, `UnknownPerson`."""
        try:
            picture = base64.b64decode(photo, validate=True)
        except binascii.Error:
            raise TextNotPlain(field="photo") from None
        if not picture.startswith(_JPEG) or len(picture) > LARGEST_PHOTO:
            raise TextNotPlain(field="photo")
        owner, key = self._key(hall_id, person_id)
        return self.secrets.sealer.seal(owner, photo.encode(), key, _WHAT).blob

    def opened(self, hall_id: str, person_id: str, texts: Mapping[str, str]) -> dict[str, str]:
        """Texts in clear; none of a person who was erased."""
        record = PeopleStore(self.store).read(hall_id, [person_id]).get(person_id)
        if record is None:
            return {}
        sealer, owner = self.secrets.sealer, f"{hall_id}/{person_id}"
        return {name: sealer.open(owner, Sealed(blob, record["key"]), _WHAT).decode() for name, blob in texts.items()}

    def print(self, hall_id: str, texts: Mapping[str, str]) -> str:
        """What a request says, as keyed hash."""
        return self.secrets.hidden("print", hall_id, *(f"{name}={text}" for name, text in sorted(texts.items())))

    def _key(self, hall_id: str, person: Args | str) -> tuple[str, str]:
        if not isinstance(person, str) and "key" in person:
            return f"{hall_id}/{person['id']}", str(person["key"])
        person_id = person if isinstance(person, str) else str(person["id"])
        record = PeopleStore(self.store).read(hall_id, [person_id]).get(person_id)
        if record is None:
            raise UnknownPerson()
        return f"{hall_id}/{person_id}", record["key"]
