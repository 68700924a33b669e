"""The reports there are: what each reads, shows and may be grouped by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from hall.domain import figures
from hall.domain.figures import Figures, Row
from hall.domain.office import Targets

#: what may be grouped by, of what happens in the hall and of cases
BY: Final = ("all", "day", "week", "month", "hour", "line", "service", "window", "lane", "group")
CASES_BY: Final = ("all", "day", "week", "month", "kind", "community", "group", "item")
#: of fewer people nothing is told where figures could point at one of them
FEWEST: Final = 5


class Column(NamedTuple):
    """`unit`: count, minutes, days, share (0 to 1), number."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Report:
    """`tables`: the facts it counts; `beside`: others that it reads to know more of those. `counted`: the column that
    says of how many people a row tells. `always_hidden`: small counts are left out however it is grouped."""

    name: str
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    make: Callable[[Mapping[str, Sequence[Row]], Targets], Figures]
    counted: str
    by: tuple[str, ...] = BY
    always_hidden: bool = False
    beside: tuple[str, ...] = ()


def _columns(text: str) -> tuple[Column, ...]:
    """From "name unit, name unit"."""
    pairs = (part.split() for part in text.split(","))
    return tuple(Column(name, unit) for name, unit in pairs)


_TIMES = "mean minutes, p50 minutes, p90 minutes, p95 minutes"
#: of appointments to which nobody came: they have no window, lane or group
_NOT_HERE = ("all", "day", "week", "month", "hour", "line", "service")

REPORTS: Final[dict[str, Report]] = {
    report.name: report
    for report in (
        Report(
            "waiting",
            ("tickets",),
            _columns(f"numbers count, called count, {_TIMES}, in_time count, share_in_time share"),
            figures.waiting,
            "numbers",
        ),
        Report("walking", ("visits",), _columns(f"visits count, {_TIMES}"), figures.walking, "visits"),
        Report("service", ("visits",), _columns(f"stays count, timed count, {_TIMES}"), figures.service, "stays"),
        Report(
            "overtaking",
            ("tickets",),
            _columns("ordinary count, overtaken count, share_overtaken share, mean number, max count"),
            figures.overtaking,
            "ordinary",
        ),
        Report(
            "promise",
            ("calls",),
            _columns("calls count, next count, priority count, chosen count, unparked count, violated count"),
            figures.promise,
            "calls",
        ),
        Report(
            "hits",
            ("tickets",),
            _columns("shown count, inside count, hit_rate share, unknown count"),
            figures.hits,
            "shown",
        ),
        Report(
            "lateness",
            ("appointments",),
            _columns("arrived count, mean minutes, p50 minutes, p90 minutes, late count, share_late share"),
            figures.lateness,
            "arrived",
            beside=("tickets",),
        ),
        Report(
            "no-shows",
            ("appointments",),
            _columns("booked count, arrived count, no_show count, cancelled count, share_no_show share"),
            figures.no_shows,
            "booked",
            _NOT_HERE,
        ),
        Report(
            "trips",
            ("tickets",),
            _columns(
                "trips count, matters count, trips_per_matter number, closed count, once count, share_once share,"
                "share_known share"
            ),
            figures.trips,
            "matters",
            beside=("appointments",),
        ),
        Report(
            "outcomes",
            ("tickets",),
            _columns(
                "numbers count, finished count, outcome_done count, outcome_papers_missing count,"
                "outcome_not_possible count, outcome_unclosed count, outcome_other count, cancelled count,"
                "expired count, share_finished share"
            ),
            figures.outcomes,
            "numbers",
        ),
        Report(
            "ratings",
            ("visits", "ratings"),
            _columns(
                "finished count, rated count, share_rated share, level_1 count, level_2 count, level_3 count,"
                "level_4 count, level_5 count, mean number, share_satisfied share, by_staff count, bad count,"
                "answered count, answered_in_time count"
            ),
            figures.ratings,
            "rated",
            always_hidden=True,
        ),
        Report(
            "cases",
            ("cases", "case_items"),
            _columns(
                "cases count, people count, cases_closed count, items count, delivered count, refused count,"
                "withdrawn count, share_delivered share, helped count, granted count, partly count, declined count,"
                "informed count, mean days, p50 days, p90 days, home_visits count, not_met count, numbers count"
            ),
            figures.cases,
            "people",
            CASES_BY,
            always_hidden=True,
        ),
    )
}
