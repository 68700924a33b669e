"""Reports: figures of a period, as JSON, CSV or a sheet."""

from datetime import date
from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from hall.services.reports import Table
from hall.services.sheets import as_csv, as_xlsx
from hall.web.access import allow, sanban
from hall.web.api.models import HallPath
from hall.web.api.tickets import PROBLEMS, Answer

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
bp = APIBlueprint(
    "reports",
    __name__,
    url_prefix="/api/v1/halls/<hall>/reports",
    abp_tags=[Tag(name="reports")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


class ReportPath(HallPath):
    name: str = Field(max_length=40)


class Period(BaseModel):
    """Local dates, both included; the hall's today when left out."""

    model_config = ConfigDict(extra="forbid")

    from_: date | None = Field(None, alias="from")
    to: date | None = None


class Asked(Period):
    by: str = Field(
        "all",
        max_length=20,
        description="all, day, week, month, hour, line, service, window, lane, group, kind, community, item",
    )


class ReportColumn(BaseModel):
    name: str
    unit: str = Field(description="count, minutes, days, share, number, text")


class ReportTable(BaseModel):
    """`hidden` rows tell of fewer than five people: their figures are null."""

    name: str
    first: date
    last: date
    by: str
    columns: list[ReportColumn]
    rows: list[dict[str, Any]]


class MonthReport(BaseModel):
    tables: list[ReportTable]


def _file(kind: str) -> dict[Any, Any]:
    return {200: {"description": "the file", "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


def _period(hall_id: str, query: Period) -> tuple[date, date]:
    here = sanban()
    today = here.halls.get(hall_id).calendar.date_of(here.tickets.moves.clock())
    last = query.to or query.from_ or today
    return query.from_ or last, last


def _table(path: ReportPath, query: Asked) -> Table:
    return sanban().reports.table(path.hall, path.name, *_period(path.hall, query), query.by)


def _row(table: Table) -> dict[str, Any]:
    columns = [column._asdict() for column in table.columns]
    dates = {"first": table.first.isoformat(), "last": table.last.isoformat()}
    return {**table._asdict(), **dates, "columns": columns}


def _download(content: bytes, kind: str, name: str) -> Response:
    response = make_response(content)
    response.content_type = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/month", responses={200: MonthReport})
@allow("reports")
def month(path: HallPath, query: Period) -> Answer:
    """Everything about a period, table by table."""
    tables = sanban().reports.month(path.hall, *_period(path.hall, query))
    return {"tables": [_row(table) for table in tables]}, 200


@bp.get("/month.xlsx", responses=_file(_XLSX))
@allow("reports")
def month_xlsx(path: HallPath, query: Period) -> Response:
    """The same as a workbook, one sheet a table."""
    first, last = _period(path.hall, query)
    return _download(as_xlsx(sanban().reports.month(path.hall, first, last)), _XLSX, f"{path.hall}-{first}-{last}.xlsx")


@bp.get("/<name>.csv", responses=_file("text/csv"))
@allow("reports")
def csv(path: ReportPath, query: Asked) -> Response:
    """One report as CSV."""
    table = _table(path, query)
    return _download(as_csv(table), "text/csv; charset=utf-8", f"{table.name}-{table.first}-{table.last}.csv")


@bp.get("/<name>.xlsx", responses=_file(_XLSX))
@allow("reports")
def xlsx(path: ReportPath, query: Asked) -> Response:
    """One report as a sheet."""
    table = _table(path, query)
    return _download(as_xlsx([table]), _XLSX, f"{table.name}-{table.first}-{table.last}.xlsx")


@bp.get("/<name>", responses={200: ReportTable})
@allow("reports")
def report(path: ReportPath, query: Asked) -> Answer:
    """One report: waiting, walking, service, overtaking, promise, hits, lateness, no-shows, trips, outcomes, ratings,
    decisions."""
    return _row(_table(path, query)), 200
