"""The case desk's forms, filled in and sent as a browser without scripts does."""

from __future__ import annotations

import re
from typing import Any

from tests.web.conftest import Asker, Site

AN_HOUR = 3_600_000
#: the first step of opening a case for somebody nothing is known of
OPENING = {"kind": "assisted", "group": "homeless", "source": "patrol", "bundles": "homeless"}


def send(asker: Asker, path: str, **form: Any) -> tuple[int, str, str]:
    """(status, page, address it leads to) of a form, in English."""
    sent = {"csrf_token": asker.csrf("/sign-in"), **form}
    answer = asker.client.post(f"{path}?lang=en", data=sent)
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def sealed(page: str) -> str:
    """What the second step carries along."""
    (found,) = re.findall(r'name="sealed" value="([^"]+)"', page)
    return str(found)


def opened(asker: Asker, owner: str = "c1", **more: Any) -> str:
    """The address of a case that was opened in two steps."""
    status, page, _ = send(asker, "/desk/open", **{**OPENING, **more})
    assert status == 200, page
    soon = {"next_at": "2099-01-01T10:00", "next_step": "call"}
    status, page, address = send(asker, "/desk/open/done", sealed=sealed(page), owner=owner, **soon)
    assert status == 302, page
    return address.partition("?")[0]


def do(asker: Asker, at: str, what: str, **form: Any) -> str:
    """A form of a case's page that must be accepted; where it leads."""
    status, page, address = send(asker, at, do=what, **form)
    assert status == 302, page
    return address


def all_the_way(asker: Asker, at: str, item: str, outcome: str = "granted") -> None:
    """An item from its opening to its delivery."""
    for move in ("accept", "take", "submit", "decide", "deliver"):
        do(asker, at, "item", item=item, move=move, **({"outcome": outcome} if move == "decide" else {}))


def case_of(site: Site) -> Any:
    """The open case that is due first."""
    return site.sanban.cases.kept.open(site.id)[0]
