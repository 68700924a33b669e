"""Who is told what, and sending it. Only jobs send: a gateway that hangs must hold up nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall.domain.booking_errors import UnknownPerson
from hall.domain.errors import HallError
from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.notices import CALLED_MINUTES, CASE_HOURS, SOON_MINUTES, TRY_SECONDS, NoticeState, What, next_try
from hall.domain.policy import DAY, MINUTE
from hall.notices import texts
from hall.notices.channels import channels
from hall.notices.message import Channel, Message, NotDelivered
from hall.services.case_texts import CaseTexts
from hall.services.moves import Moves
from hall.services.people import People
from hall.services.secrets import Secrets
from hall.services.waits import Waits
from hall.settings import Settings
from hall.store.appointments import AppointmentStore
from hall.store.cases import CaseStore
from hall.store.notices import Notice, NoticeStore
from hall.store.store import HallState

_BOOKINGS = {"booked": What.BOOKED, "rebooked": What.MOVED, "booking_cancelled": What.CANCELLED}
_CASE_NEWS = frozenset({"case_opened", "case_closed"})
_ITEM_NEWS = frozenset({"submitted", "decided", "delivered", "refused"})
_VISIT_NEWS = frozenset({"visit_planned", "visit_changed", "visit_cancelled"})
HOUR = 60 * MINUTE
Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notices:
    moves: Moves
    secrets: Secrets
    settings: Settings

    @property
    def kept(self) -> NoticeStore:
        return NoticeStore(self.moves.store)

    # What is wanted ------------------------------------------------------------------------------

    def follow(self, hall_id: str, entry: Entry) -> None:
        """Want what an entry of the journal calls for; the same entry again changes nothing."""
        hall = self.moves.halls.get(hall_id)
        if entry.appointment and entry.kind in (*_BOOKINGS, "reminder_due"):
            what = _BOOKINGS.get(entry.kind, What.REMINDER)
            if what is What.REMINDER or (hall.notices.bookings and not _known_already(entry)):
                about, slot = f"appointment/{entry.appointment['id']}", entry.appointment["slot"]
                self._want(hall_id, what, entry.id, about, slot, slot=slot)
        elif entry.kind == "called" and hall.notices.called and entry.ticket and entry.ticket.get("notice"):
            until, calls = entry.at + CALLED_MINUTES * MINUTE, entry.ticket["calls"]
            self._want(hall_id, What.CALLED, entry.id, f"ticket/{entry.ticket['id']}", until, calls=calls)
        elif hall.notices.cases and (case := _news_of(entry)):
            name, until = f"{case}-{entry.at // HOUR}", entry.at + CASE_HOURS * HOUR
            self._want(hall_id, What.CASE, name, f"case/{case}", until)

    def look_around(self, hall_id: str) -> int:
        """Want to tell those whose call is near, once a ticket. Returns how many."""
        hall = self.moves.halls.get(hall_id)
        if not hall.notices.called_soon:
            return 0
        state = self.moves.store.snapshot(hall_id)
        asked = {
            f"{What.SOON}-{ticket['id']}": ticket
            for ticket in state.tickets.values()
            if ticket["state"] == "waiting" and ticket.get("notice") and _served(hall, state, ticket)
        }
        known, count = self.kept.known(hall_id, asked), 0
        until = self.moves.clock() + SOON_MINUTES * MINUTE
        for name, ticket in asked.items():
            if name not in known and self._near(hall, ticket):
                count += self._want(hall_id, What.SOON, ticket["id"], f"ticket/{ticket['id']}", until)
        return count

    def _near(self, hall: Hall, ticket: Image) -> bool:
        ahead = self._ticket(hall.id, ticket["id"]).get("ahead")
        if ahead is None:
            return False
        wait = Waits(self.moves.store, self.moves.halls).for_ticket(hall.id, ticket)
        few = sum(ahead.values()) <= hall.notices.soon_ahead
        return few or (wait is not None and wait.low <= hall.notices.soon_minutes)

    def _want(self, hall_id: str, what: What, name: str, about: str, until: int, **held: int) -> bool:
        now = self.moves.clock()
        notice = {"notice": f"{what}-{name}", "what": str(what), "about": about, "until": until, "at": now, **held}
        notice["keep"] = self.moves.halls.get(hall_id).retention.notice_days * DAY
        return now < until and self.kept.want(hall_id, notice)

    # Sending -------------------------------------------------------------------------------------

    def send(self, hall_id: str, notice_id: str, tries: int) -> str:
        """One try. Returns what became of it: a state, or `over` when another job has or had this try."""
        now = self.moves.clock()
        notice = self.kept.claim(hall_id, notice_id, tries, now + TRY_SECONDS * 1000)
        if notice is None:
            return "over"
        if now >= notice["until"] or (tries and next_try(tries) is None):
            why = notice.get("why") or ("late" if now >= notice["until"] else "worker lost")
            return self._settle(hall_id, notice, NoticeState.FAILED, channel=notice.get("channel"), why=why)
        hall = self.moves.halls.get(hall_id)
        try:
            message = self._message(hall, notice)
        except HallError as gone:
            return self._settle(hall_id, notice, NoticeState.DROPPED, why=gone.code.lower())
        if message is None:
            return self._settle(hall_id, notice, NoticeState.DROPPED, why="no longer true")
        every = channels(self.settings, hall.notices, test=hall.test)
        chosen = next((name for name, channel in every.items() if channel.reaches(message)), None)
        if chosen is None:
            return self._settle(hall_id, notice, NoticeState.DROPPED, why="no address")
        return self._try(hall_id, notice, message, chosen, every[chosen])

    def _try(self, hall_id: str, notice: Notice, message: Message, name: str, channel: Channel) -> str:
        try:
            channel.send(message)
        except NotDelivered as fault:
            seconds = None if fault.final else next_try(notice["tries"])
            again = self.moves.clock() + (seconds or 0) * 1000
            if seconds is None or again >= notice["until"]:
                return self._settle(hall_id, notice, NoticeState.FAILED, channel=name, why=fault.why)
            return self._settle(hall_id, notice, NoticeState.WAITING, channel=name, why=fault.why, again=again)
        return self._settle(hall_id, notice, NoticeState.SENT, channel=name)

    def _settle(self, hall_id: str, notice: Notice, state: NoticeState, **facts: str | int | None) -> str:
        self.kept.settle(hall_id, notice["id"], state, self.moves.clock(), **facts)
        return state

    def _message(self, hall: Hall, notice: Notice) -> Message | None:
        """The words and the address, just in time; None when it is no longer true. Raises UNKNOWN_APPOINTMENT,
        UNKNOWN_TICKET, UNKNOWN_PERSON (erased, or never known)."""
        kind, _, name = notice["about"].partition("/")
        made = {"appointment": self._of_appointment, "ticket": self._of_ticket, "case": self._of_case}[kind](
            hall, name, notice
        )
        if made is None:
            return None
        person_id, language, facts = made
        if not person_id:
            raise UnknownPerson()
        person = People(self.moves.store, self.secrets).get(hall.id, person_id)
        what = What(notice["what"])
        facts = {"hall": hall.name.en if language == "en" and hall.name.en else hall.name.zh, **facts}
        words = texts.words(what, language, facts)
        return Message(
            id=f"{hall.id}-{notice['id']}",
            hall=hall.id,
            what=what,
            language=language,
            subject=words.subject,
            text=words.text,
            facts=facts,
            phone=person.phone or (self._relative(hall.id, name) if kind == "case" else ""),
            email=person.email,
        )

    def _of_appointment(self, hall: Hall, name: str, notice: Notice) -> tuple[str, str, dict[str, str]] | None:
        kept = AppointmentStore(self.moves.store).get(hall.id, name)
        image, cancelled = kept.image, notice["what"] == What.CANCELLED
        if image["state"] != ("cancelled" if cancelled else "booked") or image["slot"] != notice["slot"]:
            return None
        language, at = image.get("language") or "zh", hall.calendar.local(image["slot"])
        facts = {"date": texts.day(at, language), "time": f"{at:%H:%M}"}
        if not cancelled:
            facts["code"] = kept.desk_code
            if self.settings.public_url:
                facts["url"] = f"{self.settings.public_url}/a/{self.secrets.appointment_token(hall.id, name)}"
        return image["person"], language, facts

    def _of_ticket(self, hall: Hall, name: str, notice: Notice) -> tuple[str, str, dict[str, str]] | None:
        answer = self._ticket(hall.id, name)
        image, called = answer["ticket"], notice["what"] == What.CALLED
        if image["state"] != ("called" if called else "waiting"):
            return None
        facts = {"number": image["number"]}
        if called:
            if image["calls"] != notice["calls"]:
                return None
            facts["window"] = hall.window(image["window"]).label
        else:
            facts["ahead"] = str(sum(answer["ahead"].values()))
        return self.kept.record_of(hall.id, name) or "", image.get("language") or "zh", facts

    def _of_case(self, hall: Hall, name: str, _notice: Notice) -> tuple[str, str, dict[str, str]]:
        """Only that there is news, and where to read it: of what, the page says to whoever has its address."""
        case = CaseStore(self.moves.store).get(hall.id, name)
        facts = {"number": name.lstrip("0")}
        if self.settings.public_url:
            facts["url"] = f"{self.settings.public_url}/c/{self.secrets.case_token(hall.id, name)}"
        return case["person"], case["language"], facts

    def _relative(self, hall_id: str, case_id: str) -> str:
        """The phone of the relative who is told of a case when the person has none."""
        kept = CaseStore(self.moves.store)
        sealed = {key: text for key, text in kept.texts(hall_id, case_id).items() if key.endswith("/relative_phone")}
        person = kept.get(hall_id, case_id)["person"]
        return next(iter(CaseTexts(self.moves.store, self.secrets).opened(hall_id, person, sealed).values()), "")

    def _ticket(self, hall_id: str, ticket_id: str) -> dict[str, Any]:
        return self.moves.store.read(hall_id, "ticket", {"ticket": ticket_id}, self.moves.clock())

    # What staff see ------------------------------------------------------------------------------

    def newest(self, hall_id: str, about: list[str]) -> dict[str, dict[str, Any]]:
        """What was told last about each of appointment/<id> or ticket/<id>, for staff."""
        shown = ("what", "state", "tries", "at", "channel", "why")
        found = self.kept.newest(hall_id, about)
        return {subject: {name: notice.get(name) for name in shown} for subject, notice in found.items()}


def _news_of(entry: Entry) -> str | None:
    """The case of which an entry is news for the person."""
    if entry.kind == "case_item_moved":
        return str(entry.case["id"]) if entry.case and entry.facts["to"] in _ITEM_NEWS else None
    if entry.kind in _VISIT_NEWS:
        return str(entry.facts["of"])
    return str(entry.case["id"]) if entry.case and entry.kind in _CASE_NEWS else None


def _known_already(entry: Entry) -> bool:
    """A portal tells its people itself; and who changed only the services or the language needs no message."""
    by_portal = bool((entry.appointment or {}).get("imported")) and entry.by.partition(":")[0] in ("program", "cli")
    return by_portal or (entry.kind == "rebooked" and "left" not in entry.facts)


def _served(hall: Hall, state: HallState, ticket: Image) -> bool:
    """Whether anybody sits at a window that calls from the ticket's queue: before, no call is near."""
    kind, _, name = ticket["queue"].partition("/")
    here = [window for window in hall.windows if state.windows.get(window.id, {}).get("state") in ("open", "paused")]
    if kind == "@window":
        return any(window.id == name for window in here)
    if kind == "@clerk":
        return any(state.windows[window.id].get("clerk") == name for window in here)
    return any(ticket["queue"] in window.lines for window in here)
