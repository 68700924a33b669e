"""A hall as a whole: what it offers, what its screens show, its floor."""

from typing import Any

from flask_openapi import APIBlueprint, Tag

from hall.domain.halls import Hall, Line
from hall.services import board, floor
from hall.store.store import HallState
from hall.web.access import allow, sanban
from hall.web.api.models import HallPath, Offered, Tables
from hall.web.api.shapes import both, window_offered
from hall.web.api.tickets import PROBLEMS, Answer

bp = APIBlueprint(
    "halls", __name__, url_prefix="/api/v1/halls/<hall>", abp_tags=[Tag(name="halls")], abp_responses=PROBLEMS
)


@bp.get("/services", responses={200: Offered})
@allow(None)
def offered(path: HallPath) -> Answer:
    """Lines, services with their papers, groups, windows and outcomes."""
    hall = sanban().halls.get(path.hall)
    return {
        "id": hall.id,
        "name": both(hall.name),
        "zone": hall.zone,
        "lines": [_line(line) for line in hall.lines],
        "services": [_service(service) for service in hall.services],
        "groups": [
            {"id": g.id, "name": both(g.name), "proof": g.proof, "evidence": both(g.evidence)} for g in hall.groups
        ],
        "windows": [window_offered(window) for window in hall.windows],
        "outcomes": list(hall.outcomes),
        "outcome_names": {outcome: both(name) for outcome, name in hall.outcome_names.items()},
    }, 200


def _line(line: Line) -> dict[str, Any]:
    bookable = line.appointments is not None
    return {"id": line.id, "letter": line.letter, "name": both(line.name), "bookable": bookable}


def _service(service: Any) -> dict[str, Any]:
    texts = ("name", "recipients", "content", "process", "outcome")
    return {
        "id": service.id,
        "line": service.line,
        "minutes": service.minutes,
        "popular": service.popular,
        "search": list(service.search),
        "materials": [{"id": m.id, "name": both(m.name), "note": both(m.note)} for m in service.materials],
        **{name: both(getattr(service, name)) for name in texts},
    }


@bp.get("/board", responses={200: Tables}, security=[{"token": []}])
@allow("board")
def get_board(path: HallPath) -> Answer:
    """What a hall screen shows: numbers, windows, counts."""
    return _tables(path.hall, board.tables)


@bp.get("/floor", responses={200: Tables}, security=[{"token": []}])
@allow("serve")
def get_floor(path: HallPath) -> Answer:
    """Windows and open tickets, as the console shows them."""
    return _tables(path.hall, lambda _, state: floor.tables(state))


def _tables(hall_id: str, make: Any) -> Answer:
    hall: Hall = sanban().halls.get(hall_id)
    state: HallState = sanban().store.snapshot(hall_id)
    return {
        "as_of": state.as_of,
        "epoch": state.epoch,
        "now": state.now,
        "tables": make(hall, state),
        "counts": board.counts(hall, state),
    }, 200
