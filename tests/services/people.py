"""Made-up residents: identity numbers that are right by their check digit and belong to nobody."""

from __future__ import annotations

from hall.domain.identity import check_character


def identity(born: str, area: str = "310107", serial: str = "001") -> str:
    """A valid number of somebody born on a date like "19400229"."""
    first = f"{area}{born}{serial}"
    return first + check_character(first)


OLD = identity("19300101")
OLDER = identity("19280615", serial="011")
YOUNG = identity("19900101")
OTHER = identity("19850707", serial="021")
