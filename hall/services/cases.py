"""The case desk: somebody needs help, and one officer answers for it until everything is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hall.domain import cases as rules
from hall.domain.callers import Caller
from hall.domain.case_catalogue import Kind
from hall.domain.case_errors import ItemMoveNotLegal, SamePerson, UnknownItem
from hall.domain.errors import ReasonMissing
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.domain.policy import MINUTE
from hall.services import case_parts as parts
from hall.services.case_parts import Wanted
from hall.services.case_texts import CaseTexts
from hall.services.moves import Args, Moves
from hall.services.people import People, checked
from hall.services.secrets import Secrets
from hall.store.cases import CaseStore, Image

DAY = 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to open. The person may have no papers, no phone, no address: a description and where they were found
    will do. `texts`: found, address, relative, note, whatever is known. `next_at` in ms UTC, None: as the hall says."""

    kind: Kind
    source: rules.Source
    group: str
    owner: str
    wanted: Wanted
    person: Person = field(default_factory=Person)
    community: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    next_at: int | None = None
    next_step: str = "other"
    language: str = "zh"
    ticket: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    moves: Moves
    secrets: Secrets

    @property
    def kept(self) -> CaseStore:
        return CaseStore(self.moves.store)

    @property
    def people(self) -> People:
        return People(self.moves.store, self.secrets)

    @property
    def texts(self) -> CaseTexts:
        return CaseTexts(self.moves.store, self.secrets)

    def open(self, caller: Caller, hall_id: str, asked: Opening) -> Image:
        """Open a case. Raises UNKNOWN_RECIPIENT, UNKNOWN_OFFICER, UNKNOWN_COMMUNITY, UNKNOWN_ITEM, UNKNOWN_BUNDLE,
        ITEMS_MISSING, NEXT_STEP_PAST, BAD_PHONE, BAD_IDENTITY_NUMBER, TEXT_NOT_PLAIN, UNKNOWN_PERSON."""

        def prepare(hall: Hall) -> Args:
            now = self.moves.now(caller)
            parts.recipients(hall, asked.group, asked.kind)
            parts.community(hall, asked.community)
            person = checked(asked.person, hall.calendar.date_of(now))
            record = self.people.record(hall.id, person, asked.person_id, rename=True)
            return {
                "record": record,
                "texts": self.texts.sealed(hall.id, record, asked.texts),
                "kind": asked.kind,
                "source": asked.source,
                "group": asked.group,
                "community": asked.community,
                "owner": parts.officer(hall, asked.owner).id,
                "items": parts.wanted_items(hall, asked.kind, asked.wanted),
                "next_at": asked.next_at or now + hall.cases.first_step * DAY,
                "next_step": asked.next_step,
                "language": asked.language,
                "ticket": asked.ticket,
            }

        said = [asked.kind, asked.source, asked.group, asked.owner, asked.wanted, asked.community, asked.next_at]
        hidden = [self.people.print(hall_id, asked.person), self.texts.print(hall_id, asked.texts), asked.ticket]
        return self._case(caller, hall_id, "case_open", prepare, [*said, *hidden])

    def add(self, caller: Caller, hall_id: str, case_id: str, wanted: Wanted) -> Image:
        """More items or bundles; what the case has already and is not ended is left as it is."""
        case = self.kept.get(hall_id, case_id)
        running = {one["item"] for one in case["items"].values() if one["state"] not in rules.ENDED}

        def prepare(hall: Hall) -> Args:
            items = [one for one in parts.wanted_items(hall, case["kind"], wanted) if one["item"] not in running]
            return {"case": case_id, "items": items}

        return self._case(caller, hall_id, "case_add", prepare, [case_id, wanted])

    def hand_over(self, caller: Caller, hall_id: str, case_id: str, owner: str, reason: str) -> Image:
        """Give a case to another officer. Raises REASON_MISSING, SAME_OFFICER, UNKNOWN_OFFICER."""
        if not reason.strip():
            raise ReasonMissing(move="hand_over")

        def prepare(hall: Hall) -> Args:
            return {"owner": parts.officer(hall, owner).id}

        return self._said(caller, hall_id, "case_assign", case_id, {"reason": reason}, prepare, [owner])

    def move_item(
        self,
        caller: Caller,
        hall_id: str,
        case_id: str,
        item: str,
        move: str,
        *,
        reason: str = "",
        outcome: str | None = None,
        present: bool = False,
    ) -> Image:
        """One move of an item, by its number in the case. `present`: the person is there, so that this is help
        (帮办) and needs no authorisation. Raises ITEM_MOVE_NOT_LEGAL, AUTHORISATION_MISSING, REASON_MISSING."""
        args = item_args(item, move, reason=reason, outcome=outcome, present=present)
        return self._said(caller, hall_id, "case_item", case_id, {"reason": reason}, lambda _: args, list(args.items()))

    def item_served(self, caller: Caller, hall_id: str, case_id: str, item: str, outcome: str = "granted") -> Image:
        """A window has finished the matter: the item goes all the way that is left, no state skipped."""
        found = self.kept.get(hall_id, case_id)["items"].get(item)
        if found is None:
            raise UnknownItem(item=item)
        way = rules.rest_of_the_way(found["state"])
        args = {"case": case_id, "item": item, "moves": way, "how": "help", "outcome": outcome}
        return self._case(caller, hall_id, "case_item", lambda _: args, [case_id, item, outcome, "served"])

    def paper_in(
        self, caller: Caller, hall_id: str, case_id: str, paper: str, *, original: bool = True, note: str = ""
    ) -> Image:
        """A paper is handed in: `paper` is the id of its kind, or `other`; `note` (encrypted) says which one it is.
        Raises UNKNOWN_PAPER."""

        def prepare(hall: Hall) -> Args:
            return {"paper": parts.paper(hall, paper), "original": original}

        return self._said(caller, hall_id, "case_paper", case_id, {"note": note}, prepare, [paper, original])

    def paper_back(self, caller: Caller, hall_id: str, case_id: str, number: str) -> Image:
        """A paper is given back, by its number in the case. Raises UNKNOWN_PAPER."""
        args = {"case": case_id, "back": True, "n": number}
        return self._case(caller, hall_id, "case_paper", lambda _: args, [case_id, number, "back"])

    def authorise(self, caller: Caller, hall_id: str, case_id: str, how: str, note: str = "") -> Image:
        """The person lets us act for them; `how` is one of `AUTHORISED_BY`."""
        if how not in rules.AUTHORISED_BY:
            raise ReasonMissing(move="authorise")
        return self._said(caller, hall_id, "case_authorise", case_id, {"note": note}, lambda _: {"how": how}, [how])

    def note(self, caller: Caller, hall_id: str, case_id: str, text: str) -> Image:
        return self._said(caller, hall_id, "case_note", case_id, {"note": text}, lambda _: {}, [])

    def next_step(self, caller: Caller, hall_id: str, case_id: str, at: int, step: str, note: str = "") -> Image:
        """What is done next, and when (ms UTC). Raises NEXT_STEP_PAST."""
        if step not in rules.STEPS:
            raise ReasonMissing(move="next_step")
        args = {"next_at": at, "next_step": step}
        return self._said(caller, hall_id, "case_next", case_id, {"note": note}, lambda _: args, [at, step])

    def close(self, caller: Caller, hall_id: str, case_id: str, note: str = "") -> Image:
        """Everything is done. Raises ITEMS_UNFINISHED, PAPERS_HERE, VISIT_AHEAD."""

        def prepare(hall: Hall) -> Args:
            return {"keep": hall.cases.keep * DAY}

        return self._said(caller, hall_id, "case_close", case_id, {"note": note}, prepare, [])

    def reveal(self, caller: Caller, hall_id: str, case_id: str) -> tuple[Person, dict[str, str]]:
        """Who the person is, and every text of the case by <place in the story>/<name>. It is written down that
        somebody looked; an erased person is empty."""
        case = self._case(caller, hall_id, "case_reveal", lambda _: {"case": case_id}, case_id)
        person = self.people.many(hall_id, [case["person"]]).get(case["person"], Person())
        return person, self.texts.opened(hall_id, case["person"], self.kept.texts(hall_id, case_id))

    def identify(self, caller: Caller, hall_id: str, case_id: str, person: Person) -> None:
        """What has become known of the person of a case. Raises SAME_PERSON when somebody with that identity number is
        known already: then an officer decides (`merge`), and BAD_PHONE, BAD_IDENTITY_NUMBER, TEXT_NOT_PLAIN."""
        hall = self.moves.halls.get(hall_id)
        told = checked(person, hall.calendar.date_of(self.moves.now(caller)))
        own = self.kept.get(hall_id, case_id)["person"]
        found = self.people.find(hall_id, id_number=told.id_number) if told.id_number else {}
        if set(found) - set(self.people.family(hall_id, own)):
            raise SamePerson()
        self.people.keep(caller, hall_id, told, own)

    def merge(self, caller: Caller, hall_id: str, case_id: str, into: str, reason: str) -> Image:
        """The person of a case is one whose record exists. Raises REASON_MISSING, UNKNOWN_PERSON, SAME_PERSON."""
        if not reason.strip():
            raise ReasonMissing(move="merge")
        args = {"into": into}
        return self._said(caller, hall_id, "person_merge", case_id, {"reason": reason}, lambda _: args, [into])

    def part(self, caller: Caller, hall_id: str, case_id: str, reason: str) -> Image:
        """They are two people after all: everything is as it was before `merge`. Raises what it does."""
        if not reason.strip():
            raise ReasonMissing(move="part")
        args = {"back": True}
        return self._said(caller, hall_id, "person_merge", case_id, {"reason": reason}, lambda _: args, ["back"])

    def follow(self, token: str) -> tuple[str, Image]:
        """(hall, case) behind a tracking link. Raises `UnknownCase`."""
        hall_id, case_id = self.secrets.read_case_token(token)
        return hall_id, self.kept.get(hall_id, case_id)

    def suggest(
        self, hall_id: str, *, community: str, items: Sequence[str], now: int | None = None
    ) -> list[rules.Suggested]:
        """Officers for a case, the most suitable one first; a person decides."""
        hall, at = self.moves.halls.get(hall_id), now or self.moves.clock()
        away = {one["officer"] for one in self.kept.absences(hall_id).values() if one["from"] <= at < one["till"]}
        wanted = [one for one in hall.items if one.id in items]
        return rules.suggest(hall.officers, community=community, items=wanted, loads=self.loads(hall_id), away=away)

    def loads(self, hall_id: str) -> dict[str, int]:
        """Open cases by officer."""
        counts: dict[str, int] = {}
        for case in self.kept.open(hall_id):
            counts[case["owner"]] = counts.get(case["owner"], 0) + 1
        return counts

    def _said(
        self,
        caller: Caller,
        hall_id: str,
        script: str,
        case_id: str,
        texts: Mapping[str, str],
        prepare: Callable[[Hall], Args],
        asked: Sequence[object],
    ) -> Image:
        """Run a move on a case with texts that may tell of somebody."""

        def whole(hall: Hall) -> Args:
            blobs = None
            if any(text.strip() for text in texts.values()):
                person = self.kept.get(hall.id, case_id)["person"]
                blobs = self.texts.sealed(hall.id, person, texts)
            return {"case": case_id, "texts": blobs, **prepare(hall)}

        return self._case(caller, hall_id, script, whole, [case_id, *asked, self.texts.print(hall_id, texts)])

    def _case(self, caller: Caller, hall_id: str, script: str, prepare: Callable[[Hall], Args], asked: object) -> Image:
        image: Image = self.moves.run(hall_id, script, caller, prepare, asked)["case"]
        return image


def item_args(
    item: str, move: str, *, reason: str = "", outcome: str | None = None, present: bool = False
) -> dict[str, Any]:
    """A move of an item as scripts take it. Raises REASON_MISSING, also for a decision without outcome."""
    if move not in rules.ITEM_MOVES:
        raise ItemMoveNotLegal(move="unknown", state="")
    if move in rules.WITH_REASON and not reason.strip():
        raise ReasonMissing(move=move)
    if outcome not in (*rules.OUTCOMES, None) or (move == "decide" and outcome is None):
        raise ReasonMissing(move=move)
    how = {"how": "help"} if present else {}
    return {"item": item, "moves": [move], **how, **({"outcome": outcome} if outcome else {})}
