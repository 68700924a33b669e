"""What a hall's file says of cases: items, bundles, whom they are for, officers, communities. Never code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from hall.domain.calendar import Week
from hall.domain.texts import Text

_STRICT: Final = {"extra": "forbid"}
Kind = Literal["assisted", "home_visit"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an item may need; none is ever a condition of opening a case."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Item:
    """One matter that is handled for somebody. `guide`: what to tap, step by step, in `app` on the officer's device;
    `service`: what a window serves the same matter as; `hours`: urgent relief must be decided within so many."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    kinds: tuple[Kind, ...] = ("assisted", "home_visit")
    app: str = ""
    guide: tuple[Text, ...] = ()
    papers: tuple[Paper, ...] = ()
    service: str = ""
    skill: str = ""
    hours: int | None = None

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("kinds must name assisted, home_visit or both")
        if self.hours is not None and self.hours < 1:
            raise ValueError("hours must be at least 1")


@dataclass(frozen=True, slots=True)
class Bundle:
    """套餐: items that are added together."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a kind of case is for: what to look at, the legal basis, and what is open to those it is not for. `group`:
    the hall's group that their own number in the hall follows."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    kinds: tuple[Kind, ...]
    checks: tuple[Text, ...] = ()
    basis: str = ""
    instead: Text | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Community:
    """A residents' community. `at`: where it is, in metres east and north of the centre; `travel`: minutes to others,
    where that is known better than by distance."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text
    at: tuple[int, int] = (0, 0)
    travel: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Officer:
    """A case officer of the centre or of a community, whose account of staff has the same id. `hours`: on duty, as far
    as the hall's own special days let them (None: the hall's hours); `capacity`: cases one can look after."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    community: str = ""
    skills: tuple[str, ...] = ()
    of: Literal["centre", "community"] = "centre"
    hours: Week | None = None
    capacity: int = 20

    def __post_init__(self) -> None:
        if self.of == "community" and not self.community:
            raise ValueError("community is missing: an officer of a community is of one")
        if self.capacity < 1:
            raise ValueError("capacity must be at least 1")


@dataclass(frozen=True, slots=True)
class CaseRules:
    """`visit`: minutes of a visit unless planned otherwise; `overrun`: minutes after its end that alarm the desk;
    `first_step`: days until the first step of a new case; `keep`: days a closed case is kept."""

    __pydantic_config__ = _STRICT

    visit: int = 60
    overrun: int = 30
    first_step: int = 3
    keep: int = 1095

    def __post_init__(self) -> None:
        if min(self.visit, self.overrun, self.first_step, self.keep) < 1:
            raise ValueError("visit, overrun, first_step and keep must be at least 1")
