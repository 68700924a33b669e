"""Home visits: planning them, taking one along, and what is done on a doorstep."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag

from hall.services.doorstep import Pack
from hall.services.visits import Action, Pair, Plan
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban
from hall.web.api import visit_models as models
from hall.web.api.case_models import CasePath
from hall.web.api.models import HallPath
from hall.web.api.tickets import PROBLEMS, Answer
from hall.web.texts import said

_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
bp = APIBlueprint("visits", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="visits")], abp_responses=PROBLEMS)
_FIELDS = ("id", "case", "state", "centre", "near", "community", "starts", "ends", "arrived_at", "left_at", "outcome")


def _shown(visit: Image) -> dict[str, Any]:
    return {name: visit.get(name) for name in _FIELDS}


def _plan(body: models.PlanBody) -> Plan:
    return Plan(Pair(body.centre, body.near), body.starts, body.minutes)


@bp.get("/halls/<hall>/visits", responses={200: models.ListedVisits}, security=_SECURITY)
@allow("cases")
def on_date(path: HallPath, query: models.DayQuery) -> Answer:
    """The visits of a date, of one officer or of all."""
    found = sanban().visits.on(path.hall, query.date, query.officer or None)
    return {"visits": [_shown(visit) for visit in found]}, 200


@bp.post("/halls/<hall>/cases/<case>/visits", responses={201: models.Visit}, security=_SECURITY)
@allow("cases")
def plan(path: CasePath, body: models.PlanBody) -> Answer:
    """Plan a visit of one officer of the centre and one of a community, in a slot both have free."""
    return _shown(sanban().visits.plan(request_caller(), path.hall, path.case, _plan(body))), 201


@bp.post("/halls/<hall>/visits/<visit>/replan", responses={200: models.Visit}, security=_SECURITY)
@allow("cases")
def replan(path: models.VisitPath, body: models.ReplanBody) -> Answer:
    """Another time, or a substitute."""
    return _shown(sanban().visits.replan(request_caller(), path.hall, path.visit, _plan(body), body.reason)), 200


@bp.post("/halls/<hall>/visits/<visit>/cancel", responses={200: models.Visit}, security=_SECURITY)
@allow("cases")
def cancel(path: models.VisitPath, body: models.CancelBody) -> Answer:
    """The visit does not take place."""
    return _shown(sanban().visits.cancel(request_caller(), path.hall, path.visit, body.next_at, body.reason)), 200


@bp.post("/halls/<hall>/visits/<visit>/carry", responses={200: models.Visit}, security=_SECURITY)
@allow("cases")
def carry(path: models.VisitPath, body: models.CarryBody) -> Answer:
    """A device takes a visit along; from then on only its actions count."""
    return _shown(sanban().visits.carry(request_caller(), path.hall, path.visit, body.device)), 200


@bp.post("/halls/<hall>/doorstep", responses={200: models.Taken}, security=_SECURITY)
@allow("cases")
def doorstep(path: HallPath, body: models.ActionBody) -> Answer:
    """One action of a device. A refused one is kept as a conflict: send the next one."""
    action = Action(body.visit, body.move, body.at, body.facts, body.text, body.photo)
    taken = sanban().visits.act(request_caller(), path.hall, body.device, body.sequence, action)
    return taken._asdict(), 200


@bp.get("/halls/<hall>/doorstep/<device>", responses={200: models.Outbox}, security=_SECURITY)
@allow("cases")
def outbox(path: models.DevicePath) -> Answer:
    """Which action of a device is missing, and which were refused."""
    found = sanban().doorstep.conflicts(path.hall, path.device)
    missing = sanban().cases.kept.next_of(path.hall, path.device)
    return {"next": missing, "conflicts": [_conflict(one) for one in found]}, 200


@bp.get("/halls/<hall>/conflicts", responses={200: models.Conflicts}, security=_SECURITY)
@allow("cases")
def conflicts(path: HallPath) -> Answer:
    """Refused actions of doorsteps that nobody has settled."""
    return {"conflicts": [_conflict(one) for one in sanban().doorstep.conflicts(path.hall)]}, 200


@bp.get("/halls/<hall>/visits/slots", responses={200: models.Slots}, security=_SECURITY)
@allow("cases")
def slots(path: HallPath, query: models.SlotsQuery) -> Answer:
    """When both of a pair are on duty and free on a date."""
    found = sanban().visits.slots(path.hall, Pair(query.centre, query.near), query.date, query.minutes)
    return {"slots": found}, 200


@bp.get("/halls/<hall>/visits/rounds", responses={200: models.Rounds}, security=_SECURITY)
@allow("cases")
def rounds(path: HallPath, query: models.DateQuery) -> Answer:
    """Every pair's way through a date, the nearest visit always next."""
    found = [
        {**one.pair._asdict(), "legs": [leg._asdict() for leg in one.legs]}
        for one in sanban().doorstep.rounds(path.hall, query.date)
    ]
    return {"rounds": found}, 200


@bp.get("/halls/<hall>/visits/<visit>/substitutes", responses={200: models.Substitutes}, security=_SECURITY)
@allow("cases")
def substitutes(path: models.VisitPath, query: models.InsteadQuery) -> Answer:
    """Who could go instead of one of the two."""
    visit = sanban().cases.kept.visit(path.hall, path.visit)
    return {"officers": sanban().visits.substitutes(path.hall, visit, query.officer)}, 200


@bp.post("/halls/<hall>/visits/<visit>/pack", responses={200: models.Pack}, security=_SECURITY)
@allow("cases")
def pack(path: models.VisitPath, body: models.CarryBody) -> Answer:
    """Take a visit along on a device, with what is needed at the door; that somebody looked is in the journal."""
    return _packed(sanban().doorstep.pack(request_caller(), path.hall, path.visit, body.device), path.hall), 200


def _packed(found: Pack, hall_id: str) -> dict[str, Any]:
    hall = sanban().halls.get(hall_id)
    officers = {one.id: one.name for one in hall.officers}
    places = {one.id: said(one.name) for one in hall.communities}
    kinds = {one.id: one for one in hall.items}
    items = []
    for n, one in sorted(found.case["items"].items(), key=lambda row: int(row[0])):
        kind = kinds.get(one["item"])
        items.append(
            {
                "n": n,
                "name": said(kind.name) if kind else one["item"],
                "state": one["state"],
                "app": kind.app if kind else "",
                "guide": [said(step) for step in kind.guide] if kind else [],
                "papers": [{"id": paper.id, "name": said(paper.name)} for paper in kind.papers] if kind else [],
            }
        )
    return {
        "visit": _shown(found.visit),
        "number": found.case["id"].lstrip("0"),
        "community": places.get(found.visit["community"], ""),
        "pair": [officers.get(found.visit[part], found.visit[part]) for part in ("centre", "near")],
        "name": found.person.name,
        "phone": found.person.phone,
        "address": found.address or found.person.description,
        "authorised": bool(found.case.get("authorised")),
        "items": items,
    }


def _conflict(one: Image) -> dict[str, Any]:
    names = ("device", "sequence", "visit", "case", "move", "code")
    return {**{name: one[name] for name in names}, "at": one["action"]["at"]}


@bp.post("/halls/<hall>/conflicts/<device>/<sequence>/settle", responses={204: None}, security=_SECURITY)
@allow("cases")
def settle(path: models.ConflictPath) -> Response:
    """Somebody has seen to a refused action."""
    sanban().visits.settle(request_caller(), path.hall, f"{path.device}/{path.sequence}")
    return make_response("", 204)
