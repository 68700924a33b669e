"""All halls of the installation, for whoever chooses where to go."""

from typing import Any

from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from hall.web.access import allow, sanban
from hall.web.api.models import Milliseconds, Wait
from hall.web.api.shapes import both
from hall.web.api.tickets import PROBLEMS, Answer

bp = APIBlueprint("nearby", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="halls")], abp_responses=PROBLEMS)


class Position(BaseModel):
    """WGS 84, degrees."""

    lat: float
    lon: float


class NearbyLine(BaseModel):
    id: str
    letter: str
    name: dict[str, str]
    open: bool
    why: dict[str, str] | None = Field(description="what a manager says who stopped the line for now")
    waiting: int
    wait: Wait | None = Field(description="minutes that somebody who comes now will probably wait; null: unknown")


class NearbyHall(BaseModel):
    """`opens`: when numbers are given again; `hours`: today's."""

    id: str
    name: dict[str, str]
    address: dict[str, str] | None
    position: Position | None
    open: bool
    opens: Milliseconds | None
    why: dict[str, str] | None = Field(description="what a manager says who closed the hall for today")
    hours: str
    book: str | None = Field(description="where appointments are booked")
    lines: list[NearbyLine]


class NearbyHalls(BaseModel):
    halls: list[NearbyHall]


@bp.get("/halls", responses={200: NearbyHalls})
@allow(None)
def halls() -> Answer:
    """Every hall: open lines, how many wait, how long, where it is."""
    return {"halls": [_told(row) for row in sanban().nearby.all()]}, 200


def _told(row: dict[str, Any]) -> dict[str, Any]:
    lines = [{**line, "name": both(line["name"]), "why": both(line["why"])} for line in row["lines"]]
    book = f"/book/{row['id']}" if row["bookable"] else None
    told = {**row, "name": both(row["name"]), "address": both(row["address"]), "why": both(row["why"])}
    told |= {"lines": lines, "book": book}
    del told["bookable"]
    return told
