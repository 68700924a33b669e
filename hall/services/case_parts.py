"""What a hall's file says of cases, looked up by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from hall.domain.case_catalogue import Bundle, Community, Item, Officer, Recipients
from hall.domain.case_errors import (
    ItemsMissing,
    UnknownBundle,
    UnknownCommunity,
    UnknownItem,
    UnknownOfficer,
    UnknownPaper,
    UnknownRecipient,
)
from hall.domain.halls import Hall


class _Part(Protocol):
    @property
    def id(self) -> str: ...


Part = TypeVar("Part", bound=_Part)


def _found(parts: Iterable[Part], part_id: str) -> Part | None:
    return next((part for part in parts if part.id == part_id), None)


def officer(hall: Hall, officer_id: str) -> Officer:
    one = _found(hall.officers, officer_id)
    if one is None:
        raise UnknownOfficer(officer=officer_id)
    return one


def item(hall: Hall, item_id: str) -> Item:
    one = _found(hall.items, item_id)
    if one is None:
        raise UnknownItem(item=item_id)
    return one


def bundle(hall: Hall, bundle_id: str) -> Bundle:
    one = _found(hall.bundles, bundle_id)
    if one is None:
        raise UnknownBundle(bundle=bundle_id)
    return one


def recipients(hall: Hall, group_id: str, kind: str) -> Recipients:
    one = _found(hall.recipients, group_id)
    if one is None or kind not in one.kinds:
        raise UnknownRecipient(group=group_id)
    return one


def community(hall: Hall, community_id: str) -> Community | None:
    """None for no community: a person may have no address."""
    one = _found(hall.communities, community_id)
    if one is None and community_id:
        raise UnknownCommunity(community=community_id)
    return one


def paper(hall: Hall, paper_id: str) -> str:
    """The id of a kind of paper, one of the items' or `other`. Whatever else was typed might name somebody."""
    if paper_id != "other" and all(paper_id != one.id for item_ in hall.items for one in item_.papers):
        raise UnknownPaper(paper="")
    return paper_id


def communities(hall: Hall) -> Mapping[str, Community]:
    return {one.id: one for one in hall.communities}


class Wanted(NamedTuple):
    """Items that are asked for, one by one and as bundles. Whoever is there needs no authorisation (帮办); for the
    others we act (代办)."""

    items: tuple[str, ...] = ()
    bundles: tuple[str, ...] = ()


def wanted_items(hall: Hall, kind: str, wanted: Wanted) -> list[dict[str, Any]]:
    """Items as scripts add them, none twice. Raises `ItemsMissing`, `UnknownItem`, `UnknownBundle`."""
    how = "act" if kind == "assisted" else "help"
    asked: dict[str, str | None] = dict.fromkeys(wanted.items)
    for bundle_id in wanted.bundles:
        for item_id in bundle(hall, bundle_id).items:
            asked.setdefault(item_id, bundle_id)
    if not asked:
        raise ItemsMissing()
    found = [(item(hall, item_id), bundle_id) for item_id, bundle_id in asked.items()]
    for one, _ in found:
        if kind not in one.kinds:
            raise UnknownItem(item=one.id)
    return [
        {"item": one.id, "how": how} | ({"bundle": b} if b else {}) | ({"hours": one.hours} if one.hours else {})
        for one, b in found
    ]


def mistakes(hall: Hall) -> Iterable[tuple[list[str | int], str]]:
    """References of these parts that lead nowhere, for whoever checks a hall's file."""
    places = {one.id for one in hall.communities}
    known = {
        "items": {one.id for one in hall.items},
        "services": {one.id for one in hall.services},
        "groups": {one.id for one in hall.groups},
    }
    for n, one in enumerate(hall.items):
        if one.service and one.service not in known["services"]:
            yield ["items", n, "service"], f"there is no service {one.service!r}"
    for n, pack in enumerate(hall.bundles):
        yield from _lost(pack.items, known["items"], ["bundles", n, "items"], "item")
    for n, who in enumerate(hall.recipients):
        yield from _lost([who.group] if who.group else [], known["groups"], ["recipients", n, "group"], "group")
    for n, clerk in enumerate(hall.officers):
        home = [clerk.community] if clerk.community and places else []
        yield from _lost(home, places, ["officers", n, "community"], "community")
    for n, place in enumerate(hall.communities):
        yield from _lost(list(place.travel), places, ["communities", n, "travel"], "community")


def _lost(
    ids: Sequence[str], known: set[str], path: list[str | int], what: str
) -> Iterable[tuple[list[str | int], str]]:
    for one in ids:
        if one not in known:
            yield path, f"there is no {what} {one!r}"
