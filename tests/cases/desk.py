"""A case desk in a test: the real services, officers of the centre and of communities, a clock the test turns."""

from __future__ import annotations

from typing import Any

from hall.domain.calendar import Week
from hall.domain.case_catalogue import Bundle, Community, Item, Officer, Paper, Recipients
from hall.domain.people import Person
from hall.services.case_lists import CaseLists
from hall.services.case_parts import Wanted
from hall.services.cases import Cases, Opening
from hall.services.visits import Pair, Plan, Visits
from hall.store.cases import CaseStore, Image
from tests.driver import DAY, Driver, text

DUTY = Week(*[("09:00-17:00",)] * 7)
ITEMS = ("papers", "unemployment", "medical", "legal", "shelter")


def parts() -> dict[str, Any]:
    centre = tuple(Officer(f"c{n}", f"officer {n}", hours=DUTY, skills=("legal",) * (n == 2)) for n in (1, 2, 3))
    near = tuple(Officer(f"n{n}", f"officer {n}", f"k{n}", of="community", hours=DUTY) for n in (1, 2, 3))
    return {
        "officers": centre + near,
        "communities": tuple(Community(f"k{n}", text(f"k{n}"), at=(n * 1000, 0)) for n in (1, 2, 3)),
        "items": tuple(
            Item(
                name,
                text(name),
                papers=(Paper("id-card", text("id-card")),),
                skill="legal" if name == "legal" else "",
                hours=4 if name == "medical" else None,
                service="a1" if name == "papers" else "",
            )
            for name in ITEMS
        ),
        "bundles": (Bundle("homeless", text("homeless"), ITEMS),),
        "recipients": (
            Recipients("elder", text("elder"), ("assisted", "home_visit"), group="aged"),
            Recipients("homeless", text("homeless"), ("assisted",)),
            Recipients("veteran", text("veteran"), ("home_visit",), group="veteran"),
        ),
    }


class Desk(Driver):
    """`desk.open()` opens a case, `desk.visit(case, "10:00")` plans a visit for c1 and n1."""

    def __init__(self, url: str, **changes: Any) -> None:
        super().__init__(url, **{**parts(), **changes})
        self.cases = Cases(self.moves, self.secrets)
        self.visits = Visits(self.cases)
        self.lists = CaseLists(self.cases)

    @property
    def kept(self) -> CaseStore:
        return self.cases.kept

    def open(self, *items: str, **more: Any) -> Image:
        asked: dict[str, Any] = {
            "kind": "assisted",
            "source": "patrol",
            "group": "elder",
            "owner": "c1",
            "community": "k1",
            "wanted": Wanted(items or ("papers",)),
        }
        key = more.pop("key", None)
        return self.cases.open(self.caller("staff:c1", key), self.id, Opening(**{**asked, **more}))

    def at_home(self, *items: str, **more: Any) -> Image:
        return self.open(*items, kind="home_visit", **more)

    def move(self, case: Image, item: str, *moves: str, **more: Any) -> Image:
        for move in moves:
            outcome = "granted" if move == "decide" else None
            case = self.cases.move_item(
                self.caller("staff:c1"), self.id, case["id"], item, move, **{"outcome": outcome, **more}
            )
        return case

    def visit(self, case: Image, time: str, pair: tuple[str, str] = ("c1", "n1"), day: str = DAY) -> Image:
        return self.visits.plan(self.caller(), self.id, case["id"], Plan(Pair(*pair), self.ms(time, day)))

    def ms(self, time: str, day: str = DAY) -> int:
        saved = self.now
        found = self.at(time, day).now
        self.now = saved
        return found

    def case(self, case: Image) -> Image:
        return self.kept.get(self.id, case["id"])


SOMEBODY = Person(
    name="王秀英",
    phone="+8613812345678",
    id_number="",
    description="grey coat, speaks only Shanghainese, about seventy",
)
