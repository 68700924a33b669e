"""The case desk: cases, their items and papers, what is late, what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag

from hall.domain.people import Person, masked
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.store.cases import Image
from hall.web import following
from hall.web.access import allow, current, request_caller, sanban
from hall.web.api import case_models as models
from hall.web.api import shapes
from hall.web.api.card_models import CasesOfTicket
from hall.web.api.models import HallPath, IssuedTicket, NumberPath
from hall.web.api.tickets import PROBLEMS, Answer

_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
bp = APIBlueprint("cases", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="cases")], abp_responses=PROBLEMS)
_FIELDS = ("id", "kind", "state", "source", "group", "community", "owner", "opened_at", "next_at", "next_step")
_MORE = ("closed_at", "authorised", "items", "papers", "visit")
_TEXTS = ("found", "address", "relative", "note")


def shown(hall_id: str, case: Image) -> dict[str, Any]:
    people = sanban().people.many(hall_id, [case["person"]])
    return _fields(case, masked(people.get(case["person"], Person())))


def _fields(case: Image, person: dict[str, str]) -> dict[str, Any]:
    return {**{name: case.get(name) for name in (*_FIELDS, *_MORE)}, "person": person}


def opening(body: models.OpenBody) -> Opening:
    """What a body asks to open."""
    said = {name: getattr(body, name) for name in _TEXTS}
    return Opening(
        kind=body.kind,
        source=body.source,
        group=body.group,
        owner=body.owner,
        wanted=Wanted(tuple(body.items), tuple(body.bundles)),
        person=Person(body.name, body.phone, body.id_number, body.description),
        community=body.community,
        texts={name: text for name, text in said.items() if text},
        next_at=body.next_at,
        next_step=body.next_step,
        language=body.language,
    )


@bp.get("/halls/<hall>/cases", responses={200: models.ListedCases}, security=_SECURITY)
@allow("cases")
def listed(path: HallPath, query: models.ListQuery) -> Answer:
    """Open cases, the one that is due first at the top; people masked. `mine`: of whoever asks."""
    mine = current().id if query.mine else ""
    found = sanban().case_lists.listed(path.hall, mine=mine, community=query.community, overdue=query.overdue)
    return {"cases": [_fields(one.case, one.person) for one in found]}, 200


@bp.post("/halls/<hall>/cases", responses={201: models.Case}, security=_SECURITY)
@allow("cases")
def open_(path: HallPath, body: models.OpenBody) -> Answer:
    """Open a case. No field about the person is required."""
    return shown(path.hall, sanban().cases.open(request_caller(), path.hall, opening(body))), 201


@bp.post("/halls/<hall>/tickets/<number>/case", responses={201: models.Case}, security=_SECURITY)
@allow("serve")
def open_from(path: NumberPath, body: models.OpenBody) -> Answer:
    """Turn one of today's numbers into a case of the person who holds it."""
    case = sanban().case_tickets.open_from(request_caller(), path.hall, path.number, opening(body))
    return shown(path.hall, case), 201


@bp.get("/halls/<hall>/tickets/<number>/cases", responses={200: CasesOfTicket}, security=_SECURITY)
@allow("serve")
def of_ticket(path: NumberPath) -> Answer:
    """The open cases of whoever holds one of today's numbers, for the clerk who serves it."""
    hall, here = sanban().halls.get(path.hall), sanban()
    ticket = here.tickets.find(request_caller(), path.hall, path.number).ticket
    names = {one.id: one.name for one in hall.officers}
    found = here.case_lists.of_ticket(path.hall, ticket["id"])
    told = [
        {"id": one.case["id"], "kind": one.case["kind"], "officer": names.get(one.case["owner"], one.case["owner"])}
        for one in found
    ]
    return {"cases": told}, 200


@bp.get("/halls/<hall>/cases/counts", responses={200: models.Counts}, security=_SECURITY)
@allow("reports")
def counts(path: HallPath) -> Answer:
    """How many cases are open, wait for papers, alarm; how many each officer has. No case."""
    return sanban().case_lists.counts(path.hall), 200


@bp.get("/halls/<hall>/cases/results", responses={200: models.Results}, security=_SECURITY)
@allow("reports")
def results(path: HallPath, query: models.ResultsQuery) -> Answer:
    """成效 of the cases opened from `start` to `end`: people helped, items finished, days taken. `` is all of them."""
    calendar = sanban().halls.get(path.hall).calendar
    start, end = calendar.ms(query.start, 0), calendar.ms(query.end + timedelta(days=1), 0)
    found = sanban().case_lists.results(path.hall, start, end, query.by)
    return {"results": {name: one._asdict() for name, one in found.items()}}, 200


@bp.get("/halls/<hall>/cases/alarms", responses={200: models.AlarmList}, security=_SECURITY)
@allow("cases")
def alarms(path: HallPath) -> Answer:
    """Next steps whose time has passed, urgent relief past its hours, visits nobody has heard of, conflicts."""
    return {"alarms": [one._asdict() for one in sanban().case_lists.alarms(path.hall)]}, 200


@bp.post("/halls/<hall>/cases/suggest", responses={200: models.Suggestions}, security=_SECURITY)
@allow("cases")
def suggest(path: HallPath, body: models.SuggestBody) -> Answer:
    """Officers for a case, the most suitable one first, and why. A person decides."""
    found = sanban().cases.suggest(path.hall, community=body.community, items=body.items)
    return {"officers": [asdict(one) for one in found]}, 200


@bp.post("/halls/<hall>/cases/of-card", responses={200: models.ListedCases}, security=_SECURITY)
@allow("serve")
def of_card(path: HallPath, body: models.CardBody) -> Answer:
    """The open cases of whoever has this identity number: for staff who read the card."""
    found = sanban().case_lists.of_card(path.hall, body.id_number)
    return {"cases": [_fields(one.case, one.person) for one in found]}, 200


@bp.get("/halls/<hall>/cases/<case>", responses={200: models.CaseWithStory}, security=_SECURITY)
@allow("cases")
def one(path: models.CasePath) -> Answer:
    """A case, its person masked, and what happened."""
    here, case = sanban(), sanban().cases.kept.get(path.hall, path.case)
    story = here.cases.kept.story(path.hall, path.case)
    return {**shown(path.hall, case), "token": here.secrets.case_token(path.hall, case["id"]), "story": story}, 200


@bp.post("/halls/<hall>/cases/<case>/reveal", responses={200: models.Revealed}, security=_SECURITY)
@allow("cases")
def reveal(path: models.CasePath) -> Answer:
    """Who the person is. That somebody looked is written into the journal."""
    person, texts = sanban().cases.reveal(request_caller(), path.hall, path.case)
    return {"person": asdict(person), "texts": texts}, 200


@bp.post("/halls/<hall>/cases/<case>/items", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def add(path: models.CasePath, body: models.WantedBody) -> Answer:
    """More items, or bundles of them."""
    wanted = Wanted(tuple(body.items), tuple(body.bundles))
    return shown(path.hall, sanban().cases.add(request_caller(), path.hall, path.case, wanted)), 200


@bp.post("/halls/<hall>/cases/<case>/items/<item>/move", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def move(path: models.ItemPath, body: models.MoveBody) -> Answer:
    """One step of an item. Nothing is submitted in somebody's name before they authorised it."""
    case = sanban().cases.move_item(
        request_caller(),
        path.hall,
        path.case,
        path.item,
        body.move,
        reason=body.reason,
        outcome=body.outcome,
        present=body.present,
    )
    return shown(path.hall, case), 200


@bp.post("/halls/<hall>/cases/<case>/items/<item>/served", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def served(path: models.ItemPath) -> Answer:
    """End an item whose hall number was served."""
    case = sanban().case_tickets.served(request_caller(), path.hall, path.case, path.item)
    return shown(path.hall, case), 200


@bp.post("/halls/<hall>/cases/<case>/number", responses={201: IssuedTicket}, security=_SECURITY)
@allow("cases")
def number(path: models.CasePath, body: models.NumberBody) -> Answer:
    """Take a hall number for the person, in the lane of their own group."""
    place = sanban().case_tickets.take_number(request_caller(), path.hall, path.case, tuple(body.items))
    return shapes.issued(path.hall, place), 201


@bp.post("/halls/<hall>/cases/<case>/hand-over", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def hand_over(path: models.CasePath, body: models.HandOverBody) -> Answer:
    """Another officer looks after the case."""
    case = sanban().cases.hand_over(request_caller(), path.hall, path.case, body.owner, body.reason)
    return shown(path.hall, case), 200


@bp.post("/halls/<hall>/cases/<case>/papers", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def paper_in(path: models.CasePath, body: models.PaperBody) -> Answer:
    """A paper is handed in."""
    case = sanban().cases.paper_in(
        request_caller(), path.hall, path.case, body.paper, original=body.original, note=body.note
    )
    return shown(path.hall, case), 200


@bp.post("/halls/<hall>/cases/<case>/papers/<paper>/back", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def paper_back(path: models.PaperPath) -> Answer:
    """A paper is given back."""
    return shown(path.hall, sanban().cases.paper_back(request_caller(), path.hall, path.case, path.paper)), 200


@bp.post("/halls/<hall>/cases/<case>/authorise", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def authorise(path: models.CasePath, body: models.AuthoriseBody) -> Answer:
    """The person lets us act for them (代办)."""
    return shown(path.hall, sanban().cases.authorise(request_caller(), path.hall, path.case, body.how, body.note)), 200


@bp.post("/halls/<hall>/cases/<case>/notes", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def note(path: models.CasePath, body: models.NoteBody) -> Answer:
    """Something worth knowing; kept encrypted."""
    return shown(path.hall, sanban().cases.note(request_caller(), path.hall, path.case, body.note)), 200


@bp.post("/halls/<hall>/cases/<case>/next", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def next_(path: models.CasePath, body: models.NextBody) -> Answer:
    """What is done next, and when."""
    case = sanban().cases.next_step(request_caller(), path.hall, path.case, body.at, body.step, body.note)
    return shown(path.hall, case), 200


@bp.post("/halls/<hall>/cases/<case>/close", responses={200: models.Case}, security=_SECURITY)
@allow("cases")
def close(path: models.CasePath, body: models.CloseBody) -> Answer:
    """Everything is done."""
    return shown(path.hall, sanban().cases.close(request_caller(), path.hall, path.case, body.note)), 200


@bp.get("/cases/<token>", responses={200: models.Followed})
@allow(None)
def follow(path: models.FollowPath) -> Answer:
    """What the person, or a relative they named, may see."""
    return following.facts(*sanban().cases.follow(path.token)), 200


@bp.post("/halls/<hall>/officers/<officer>/away", responses={204: None}, security=_SECURITY)
@allow("cases")
def away(path: models.OfficerPath, body: models.AwayBody) -> Response:
    """An officer is absent; their visits then need a substitute."""
    sanban().visits.away(request_caller(), path.hall, path.officer, body.start, body.end)
    return make_response("", 204)
