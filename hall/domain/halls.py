"""A hall as data: what its file says. Groups, services, lines and windows are never code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import inf
from typing import Literal
from zoneinfo import ZoneInfo

from hall.domain.appointments import Booking, Offer
from hall.domain.calendar import Calendar, SpecialDay, Week
from hall.domain.case_catalogue import Bundle, CaseRules, Community, Item, Officer, Recipients
from hall.domain.errors import ServicesMixed, UnknownGroup, UnknownLine, UnknownService, UnknownWindow
from hall.domain.notices import Notices
from hall.domain.office import Alarms, Rating, Retention, Stop, Targets, Today
from hall.domain.policy import MINUTE, Policy, check_minutes
from hall.domain.printers import Paper, Printer, Reader
from hall.domain.texts import Text
from hall.domain.voice import Voice
from hall.domain.webhooks import Webhook

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Material:
    """A paper a service needs."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of business: one letter of numbers, hours and contingent of its own (None: the
    hall's hours, no limit), and what it offers for booking (None: nothing)."""

    __pydantic_config__ = _STRICT

    id: str
    letter: str
    name: Text
    hours: Week | None = None
    contingent: int | None = None
    appointments: Offer | None = None

    def __post_init__(self) -> None:
        if not (len(self.letter) == 1 and self.letter.isascii() and self.letter.isupper()):
            raise ValueError("letter must be one of A to Z")
        if self.contingent is not None and self.contingent < 1:
            raise ValueError("contingent must be at least 1")


@dataclass(frozen=True, slots=True)
class Service:
    """One item residents come for; recipients, content, process and outcome are what the scheme
    asks every service to state. `minutes` is the mean service time until there is history."""

    __pydantic_config__ = _STRICT

    id: str
    line: str
    name: Text
    minutes: float = 8
    materials: tuple[Material, ...] = ()
    recipients: Text | None = None
    content: Text | None = None
    process: Text | None = None
    outcome: Text | None = None
    popular: bool = False
    #: what people type to find it: pinyin initials and everyday words
    search: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.minutes < inf:
            raise ValueError("minutes must be more than 0")


@dataclass(frozen=True, slots=True)
class Window:
    """A place where people are served. `label` is what is shown and spoken ("3", "12a")."""

    __pydantic_config__ = _STRICT

    id: str
    label: str
    lines: tuple[str, ...]
    kind: Literal["general", "priority"] = "general"
    direction: Text | None = None
    zone: str = "hall"


@dataclass(frozen=True, slots=True)
class Group:
    """People with a head start in the green channel, on evidence. `proof`: read from the card
    (`from_age`), or a document the clerk sees. `head_start` in minutes; None: the policy's."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    proof: Literal["card", "document"] = "document"
    from_age: int | None = None
    evidence: Text | None = None
    basis: str = ""
    head_start: int | None = None

    def __post_init__(self) -> None:
        if self.head_start is not None:
            check_minutes("head_start", self.head_start)
        if self.proof == "card" and self.from_age is None:
            raise ValueError("from_age is missing: the card proves an age")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a hall is: WGS 84, degrees."""

    __pydantic_config__ = _STRICT

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError("lat is -90 to 90, lon -180 to 180")


@dataclass(frozen=True)
class Hall:
    """The whole description, with the rules that only need it."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    zone: str
    hours: Week
    lines: tuple[Line, ...]
    services: tuple[Service, ...]
    windows: tuple[Window, ...]
    groups: tuple[Group, ...] = ()
    officers: tuple[Officer, ...] = ()
    communities: tuple[Community, ...] = ()
    items: tuple[Item, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    recipients: tuple[Recipients, ...] = ()
    cases: CaseRules = CaseRules()
    days: tuple[SpecialDay, ...] = ()
    policy: Policy = Policy()
    booking: Booking = Booking()
    notices: Notices = Notices()
    webhooks: tuple[Webhook, ...] = ()
    printers: tuple[Printer, ...] = ()
    paper: Paper = Paper()
    readers: tuple[Reader, ...] = ()
    #: /kiosk/fake-reader may play a card here; in a test hall it always may
    fake_reader: bool = False
    voice: Voice = Voice()
    retention: Retention = Retention()
    targets: Targets = Targets()
    alarms: Alarms = Alarms()
    stop: Stop = Stop()
    rating: Rating = Rating()
    #: changes for one date; not part of the hall's file
    today: Today = Today()
    outcomes: tuple[str, ...] = ("done", "papers_missing", "not_possible")
    #: what outcomes of the hall's own are called, by id; the usual ones have names in every page
    outcome_names: dict[str, Text] = field(default_factory=dict)
    notice: Text | None = None
    address: Text | None = None
    position: Position | None = None
    test: bool = field(default=False)

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(ZoneInfo(self.zone), self.hours, self._special)

    @cached_property
    def _special(self) -> dict[date, SpecialDay]:
        return {day.date: day for day in self.days}

    @cached_property
    def _line(self) -> dict[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def _service(self) -> dict[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def _window(self) -> dict[str, Window]:
        return {window.id: window for window in self.windows}

    @cached_property
    def _group(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    def line(self, line_id: str) -> Line:
        if line_id not in self._line:
            raise UnknownLine(line=line_id)
        return self._line[line_id]

    def service(self, service_id: str) -> Service:
        if service_id not in self._service:
            raise UnknownService(service=service_id)
        return self._service[service_id]

    def window(self, window_id: str) -> Window:
        if window_id not in self._window:
            raise UnknownWindow(window=window_id)
        return self._window[window_id]

    def group(self, group_id: str) -> Group:
        if group_id not in self._group:
            raise UnknownGroup(group=group_id)
        return self._group[group_id]

    def line_of(self, service_ids: list[str]) -> Line:
        """The one line that serves all of these services. Raises `ServicesMixed`."""
        lines = {self.service(service_id).line for service_id in service_ids}
        if len(lines) != 1:
            raise ServicesMixed()
        return self.line(lines.pop())

    def calendar_of(self, line: Line) -> Calendar:
        """When a line gives numbers: its own week, and the hall's special days."""
        if line.hours is None:
            return self.calendar
        return Calendar(self.calendar.zone, line.hours, self._special)

    def general_windows(self, line_id: str) -> list[str]:
        return [window.id for window in self.windows if window.kind == "general" and line_id in window.lines]

    def green_ms(self, group: Group) -> int:
        return (self.policy.head_start.green if group.head_start is None else group.head_start) * MINUTE

    @property
    def bound(self) -> int:
        """The wall's number, minutes: nobody who arrives later than this after you is called before you at a
        general window. A group may have a larger head start than the policy's."""
        own = (group.head_start or 0 for group in self.groups)
        return max(self.policy.bound, *own, 0)

    @property
    def bound_ms(self) -> int:
        return self.bound * MINUTE

    def on(self, day: date) -> Today:
        """What is changed for a date alone."""
        return self.today if self.today.date == day else Today()

    def contingent(self, line: Line, day: date) -> int | None:
        """How many numbers a line gives on a date; None: no limit."""
        return self.on(day).contingents.get(line.id, line.contingent)

    def group_by_age(self, years: int) -> Group | None:
        """The group that an age read from the card proves, the one with the largest head start."""
        proven = [g for g in self.groups if g.proof == "card" and g.from_age is not None and years >= g.from_age]
        return max(proven, key=self.green_ms, default=None)
