"""What a channel gets, and how it says that it could not deliver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hall.domain.notices import What


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `id` stays the same at every try, so that a gateway can know a repeat; `facts` are
    what the text was made of."""

    id: str
    hall: str
    what: What
    language: str
    subject: str
    text: str
    facts: Mapping[str, str]
    phone: str = ""
    email: str = ""


class NotDelivered(Exception):
    """`why` is one of a few words and names nobody; `final`: another try would end the same."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.final = final


class Channel(Protocol):
    def reaches(self, message: Message) -> bool:
        """Whether the person has an address here."""

    def send(self, message: Message) -> None:
        """Hand the message over. Raises `NotDelivered`."""
