"""What is derived from the installation's key: ticket tokens and the hash that finds a person."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass, field

from hall.domain.case_errors import UnknownCase
from hall.domain.errors import UnknownAppointment, UnknownTicket
from hall.services.key_ring import KeyRing
from hall.services.sealing import Sealer

_TOKEN = re.compile(r"^([a-z0-9][a-z0-9_-]{0,39})\.([0-9]{10,16})\.([A-Za-z0-9_-]{22})$")


@dataclass(frozen=True, slots=True)
class Secrets:
    key: bytes
    ring: KeyRing = field(default_factory=KeyRing)

    @property
    def sealer(self) -> Sealer:
        """Seals what is kept of people."""
        return Sealer(self.key, self.ring)

    def _mac(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self.key, f"{purpose}\0{text}".encode(), "sha256")

    def ticket_token(self, hall_id: str, ticket_id: str) -> str:
        """The resident's key to one ticket: hall, ticket, and 128 bits nobody can guess."""
        mac = self._mac("ticket", f"{hall_id}.{ticket_id}")[:16]
        return f"{hall_id}.{ticket_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def read_ticket_token(self, token: str) -> tuple[str, str]:
        """(hall, ticket id) of a token. Raises `UnknownTicket` for anything we did not make."""
        parts = _TOKEN.match(token)
        if not parts or not hmac.compare_digest(self.ticket_token(parts[1], parts[2]), token):
            raise UnknownTicket()
        return parts[1], parts[2]

    def appointment_token(self, hall_id: str, appointment_id: str) -> str:
        """The resident's key to one appointment, made as a ticket's is."""
        mac = self._mac("appointment", f"{hall_id}.{appointment_id}")[:16]
        return f"{hall_id}.{appointment_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def read_appointment_token(self, token: str) -> tuple[str, str]:
        """(hall, appointment id) of a token. Raises `UnknownAppointment` for anything we did not make."""
        parts = _TOKEN.match(token)
        if not parts or not hmac.compare_digest(self.appointment_token(parts[1], parts[2]), token):
            raise UnknownAppointment()
        return parts[1], parts[2]

    def case_token(self, hall_id: str, case_id: str) -> str:
        """What lets a person, or a relative they named, follow a case; made as a ticket's is."""
        mac = self._mac("case", f"{hall_id}.{case_id}")[:16]
        return f"{hall_id}.{case_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    def read_case_token(self, token: str) -> tuple[str, str]:
        """(hall, case id) of a token. Raises `UnknownCase` for anything we did not make."""
        parts = _TOKEN.match(token)
        if not parts or not hmac.compare_digest(self.case_token(parts[1], parts[2]), token):
            raise UnknownCase()
        return parts[1], parts[2]

    def webhook_key(self, hall_id: str, webhook: str, secret: int) -> bytes:
        """What signs the events of a webhook, 32 bytes; another for each new `secret`."""
        return self._mac("webhook", f"{hall_id}.{webhook}.{secret}")

    def made(self, token: str) -> bool:
        """Whether a token of a ticket, an appointment or a case is one of ours. Asks the store nothing."""
        parts = _TOKEN.match(token)
        if not parts:
            return False
        makers = (self.ticket_token, self.appointment_token, self.case_token)
        return any(hmac.compare_digest(make(parts[1], parts[2]), token) for make in makers)

    def person(self, hall_id: str, id_number: str) -> str:
        """Keyed hash of an identity number: finds a person and their open ticket, tells nothing."""
        return self._mac("person", f"{hall_id}.{id_number}").hex()[:32]

    def hidden(self, purpose: str, hall_id: str, *texts: str | None) -> str:
        """Keyed hash of anything that may point to a person: a phone, a request, a portal's own number."""
        text = "\0".join(text or "" for text in texts)
        return self._mac(purpose, f"{hall_id}.{text}").hex()[:32]
