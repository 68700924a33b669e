"""Files for other programs: what one hall may take along holds nothing of another, and no cell of any is a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.domain.permissions import DEVICES, ROLES
from hall.domain.report_list import REPORTS
from tests.driver import KEY
from tests.web.conftest import Asker, Site, code_of
from workers.archiver import Archiver

#: what a spreadsheet would run, typed wherever staff may type
FORMULAS = ('=HYPERLINK("//evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1", "\uff201")
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NAMES = [*REPORTS, "decisions"]
FILES = ["month.xlsx", *(f"{name}.{kind}" for name in NAMES for kind in ("csv", "xlsx"))]


@pytest.fixture
def other(web: Any) -> Site:
    """A second hall of the same installation, in whose archive a reason and a window tell that it was read."""
    return Site(*web)


@pytest.fixture
def both(site: Site, other: Site) -> Iterator[tuple[Asker, Asker]]:
    """The managers of two halls in which things were decided, and archived."""
    archive = Archive(site.sanban.settings.archive, key_of(KEY), migrate=True)
    managers = site.program("manager"), other.program("manager")
    for hall, manager, word in zip((site, other), managers, ("our own", "planted"), strict=True):
        for typed in (f"{word} reason", *FORMULAS):
            number = manager.issue()["number"]
            assert manager.post("windows/w1/call", {"number": number, "reason": typed}).status_code == 200
            assert manager.post("windows/w1/finish", {"outcome": "done"}).status_code == 200
        archiver = Archiver(hall.sanban, archive)
        while archiver.copy(hall.id):
            continue
    yield managers
    archive.close()


def texts(name: str, data: bytes) -> str:
    """Everything a file holds, whatever it is packed in."""
    if not name.endswith(".xlsx"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(packed.read(one).decode("utf-8", "replace") for one in packed.namelist())


def test_a_file_of_one_hall_holds_nothing_of_another(both: tuple[Asker, Asker], site: Site, other: Site) -> None:
    ours, theirs = both
    for name in ("decisions.csv", "decisions.xlsx"):
        assert "planted reason" in texts(name, theirs.get(f"reports/{name}").data)  # it is there to be seen
        assert "our own reason" in texts(name, ours.get(f"reports/{name}").data)
    for name in FILES:
        answer = ours.get(f"reports/{name}")
        assert answer.status_code == 200, name
        held = texts(name, answer.data) + str(answer.headers)
        assert [mark for mark in ("planted", other.id) if mark in held] == [], name


@pytest.mark.parametrize("who", [*ROLES, *DEVICES, *(f"{role} token" for role in ROLES)])
def test_no_file_of_another_hall_is_given_to_anybody(site: Site, other: Site, who: str) -> None:
    asker = site.as_(who)
    for name in FILES:
        answer = asker.get(f"{other.api}/reports/{name}")
        assert (answer.status_code, code_of(answer)) == (403, "FORBIDDEN"), name


def test_no_cell_of_any_file_is_a_formula(both: tuple[Asker, Asker]) -> None:
    for name in FILES:
        data = both[0].get(f"reports/{name}").data
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
            assert [cell for cell in cells if cell.startswith(STARTS) and not _number(cell)] == [], name
            continue
        found = [cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.rows for cell in row]
        assert {cell.data_type for cell in found} <= {"s", "n"}, name
        assert [cell.value for cell in found if cell.data_type == "s" and str(cell.value).startswith(STARTS)] == [], (
            name
        )
        assert all(cell.hyperlink is None for cell in found), name
    assert "HYPERLINK" in texts("decisions.csv", both[0].get("reports/decisions.csv").data)


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
