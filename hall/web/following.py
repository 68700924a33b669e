"""A case as the person sees it who follows it: what is done, what is next. No name, no group, nobody's reasons."""

from __future__ import annotations

from typing import Any

from hall.store.cases import Image
from hall.web.access import sanban


def facts(hall_id: str, case: Image) -> dict[str, Any]:
    hall, kept = sanban().halls.get(hall_id), sanban().cases.kept
    names = {one.id: one.name for one in hall.items}
    # A visit is forgotten before the case is.
    visit = next(iter(kept.many(hall_id, "visit", [case["visit"]])), None) if case.get("visit") else None
    people = {one.id: one.name for one in hall.officers}
    return {
        "state": case["state"],
        "kind": case["kind"],
        "next_at": case.get("next_at"),
        "next_step": case.get("next_step"),
        "items": [
            {
                "name": {"zh": names[one["item"]].zh, "en": names[one["item"]].en} if one["item"] in names else None,
                "state": one["state"],
                "since": one["since"],
                "outcome": one.get("outcome"),
            }
            for _, one in sorted(case["items"].items(), key=lambda pair: int(pair[0]))
        ],
        "papers_here": sum("back_at" not in paper for paper in case["papers"].values()),
        "visit": visit
        and {
            "state": visit["state"],
            "starts": visit["starts"],
            "officers": [people.get(visit[one], "") for one in ("centre", "near")],
        },
    }
