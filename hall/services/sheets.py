"""Reports as files for other programs. No cell is ever read as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter

from hall.services.reports import Table

#: how a text begins that a spreadsheet would calculate; the last four are as Chinese keyboards write them
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark, because Excel asks for one."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_head(table))
    for row in table.rows:
        writer.writerow([harmless("" if value is None else value) for value in _cells(table, row)])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """One sheet a table."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        for number, table in enumerate(tables, 1):
            sheet = book.add_worksheet(f"{number} {table.name} {table.by}"[:31])
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, _head(table), bold)
            units = ["text", *(column.unit for column in table.columns)]
            for line, row in enumerate(table.rows, 1):
                for place, (value, unit) in enumerate(zip(_cells(table, row), units, strict=True)):
                    if isinstance(value, str):
                        sheet.write_string(line, place, harmless(value))
                    elif value is not None:
                        sheet.write_number(line, place, value, percent if unit == "share" else None)
    return out.getvalue()


def _head(table: Table) -> list[str]:
    named = [c.name if c.unit in ("count", "text") else f"{c.name} ({c.unit})" for c in table.columns]
    return [table.by, *named]


def _cells(table: Table, row: dict[str, Any]) -> list[Any]:
    return [row["key"], *(row[column.name] for column in table.columns)]
