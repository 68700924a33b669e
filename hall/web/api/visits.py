"""Home visits: planning them, taking one along, and what is done on a doorstep."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag

from hall.services.visits import Action, Pair, Plan
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban
from hall.web.api import case_models as models
from hall.web.api.models import HallPath
from hall.web.api.tickets import PROBLEMS, Answer

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
def plan(path: models.CasePath, body: models.PlanBody) -> Answer:
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
    action = Action(body.visit, body.move, body.at, body.facts, body.text)
    taken = sanban().visits.act(request_caller(), path.hall, body.device, body.sequence, action)
    return taken._asdict(), 200


@bp.get("/halls/<hall>/doorstep/<device>", responses={200: models.Taken}, security=_SECURITY)
@allow("cases")
def missing(path: models.DevicePath) -> Answer:
    """Which action of a device is missing."""
    return {"next": sanban().cases.kept.next_of(path.hall, path.device), "known": False, "waiting": 0}, 200


@bp.post("/halls/<hall>/conflicts/<device>/<sequence>/settle", responses={204: None}, security=_SECURITY)
@allow("cases")
def settle(path: models.ConflictPath) -> Response:
    """Somebody has seen to a refused action."""
    sanban().visits.settle(request_caller(), path.hall, f"{path.device}/{path.sequence}")
    return make_response("", 204)
