"""Facts of cases: one row a case, one a matter of it. They outlive the case itself, and say no word of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from hall.domain.cases import ENDED
from hall.domain.events import Entry
from hall.domain.known import Fact, Known, Row, fact, local
from hall.domain.visits import VisitState

#: how a visit ended → the count of its case
_VISITS: Final = {VisitState.DONE: "visits", VisitState.NOT_MET: "not_met"}


def case(known: Known, entry: Entry) -> Iterator[Fact]:
    """A case as it is now; the visits and numbers it took are counted on the way."""
    image = entry.case
    if entry.kind == "visit_left" and entry.visit is not None:
        yield from _visited(known, entry.facts["of"], _VISITS.get(entry.visit["state"]))
    if image is None:
        return
    if entry.kind == "case_merged":
        known.same[image["person"]] = entry.facts["into"]
    elif entry.kind == "case_parted":
        known.same.pop(image["person"], None)
    row = known.cases[image["id"]] = _row(known, image)
    row["numbers"] += entry.kind == "case_ticket"
    yield fact("cases", row)
    for number, item in image["items"].items():
        yield fact("case_items", _item(row, number, item))
    if image["state"] == "closed":
        del known.cases[image["id"]]


def _visited(known: Known, case_id: str, count: str | None) -> Iterator[Fact]:
    row = known.cases.get(case_id)
    if row is not None and count is not None:
        row[count] += 1
        yield fact("cases", row)


def _row(known: Known, image: dict[str, Any]) -> Row:
    before, here = known.cases.get(image["id"]), local(known, image["opened_at"])
    items = {item["item"] for item in image["items"].values()}
    return {
        "test": before["test"] if before else known.test,
        "date": here.date().isoformat(),
        "hour": here.hour,
        "kind": image["kind"],
        "source": image["source"],
        "group": image["group"],
        "community": image.get("community"),
        "state": image["state"],
        "owner": image["owner"],
        "person": known.same.get(image["person"], image["person"]),
        "items": ",".join(sorted(items)),
        "opened_at": image["opened_at"],
        "closed_at": image.get("closed_at"),
        **{name: before[name] if before else 0 for name in ("visits", "not_met", "numbers")},
        "id": image["id"],
    }


def _item(case: Row, number: str, item: dict[str, Any]) -> Row:
    """It counts where its case does."""
    names = ("test", "date", "hour", "kind", "group", "community", "person")
    return {
        **{name: case[name] for name in names},
        "case": case["id"],
        **{name: item.get(name) for name in ("item", "bundle", "how", "state", "outcome", "opened_at")},
        "ended_at": item["since"] if item["state"] in ENDED else None,
        "id": f"{case['id']}/{number}",
    }
