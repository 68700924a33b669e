"""Rows of appointments from a portal's file: CSV or JSON, with English or Chinese headers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hall.domain.booking_errors import BadImport, BadRow
from hall.domain.halls import Hall

#: what portals call a field → what it is here
_NAMES: Final = {
    "预约编号": "external_id",
    "预约号": "external_id",
    "id": "external_id",
    "事项": "services",
    "办理事项": "services",
    "service": "services",
    "预约时间": "slot",
    "time": "slot",
    "姓名": "name",
    "手机": "phone",
    "手机号": "phone",
    "电话": "phone",
    "身份证号": "id_number",
    "证件号码": "id_number",
    "语言": "language",
    "状态": "state",
}
_FIELDS: Final = ("external_id", "services", "slot", "name", "phone", "id_number", "language", "state")
_CANCELLED: Final = {"cancelled", "canceled", "已取消", "取消"}
_BOOKED: Final = {"", "booked", "已预约", "预约成功"}
#: "2026-11-30 9:15", "2026年11月30日 9:15-9:30" (the beginning counts), or ISO 8601 with T and perhaps an offset
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?: *(\d{1,2}):(\d{2})(?::\d{2})?(?: *[-~至] *\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as it came. `number`: the line of a CSV file, or the place in a JSON list from 1."""

    number: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that makes sense; `slot` in ms UTC."""

    external_id: str
    services: tuple[str, ...]
    slot: int
    name: str
    phone: str
    id_number: str
    language: str
    cancelled: bool


def rows(data: bytes, *, is_json: bool) -> list[Raw]:
    """The rows of a file. Raises `BadImport` when there are none to be found."""
    return list(_from_json(data) if is_json else _from_csv(data))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")  # what spreadsheets in China write
    except UnicodeDecodeError:
        raise BadImport(why="neither UTF-8 nor GB 18030") from None


def _from_json(data: bytes) -> Iterator[Raw]:
    try:
        found = json.loads(_text(data))
    except (ValueError, RecursionError):
        raise BadImport(why="not JSON") from None
    if not isinstance(found, list):
        raise BadImport(why="not a list of appointments")
    for number, row in enumerate(found, 1):
        yield Raw(number, _named(row) if isinstance(row, dict) else {})


def _from_csv(data: bytes) -> Iterator[Raw]:
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = next(reader, [])
        if "external_id" not in _named(dict.fromkeys(header, "")):
            raise BadImport(why="no column external_id (预约编号) in the first line")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                # A row with too many or too few cells has slipped: none of it can be trusted.
                yield Raw(
                    reader.line_num, _named(dict(zip(header, cells, strict=True))) if len(cells) == len(header) else {}
                )
    except csv.Error as error:
        raise BadImport(why=f"line {reader.line_num}: {error}") from None


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    """Fields by our names, as texts; a list of services is joined."""
    found = {}
    for name, value in row.items():
        known = _NAMES.get(name.strip(), name.strip().lower())
        if known in _FIELDS:
            found[known] = ";".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return {name: value.strip() for name, value in found.items()}


def understood(raw: Raw, hall: Hall) -> Row:
    """A row with meaning. Raises `BadRow(fields)`, which names every field that is missing or wrong; whether a
    slot or a number is right is for the booking to say."""
    said = {name: raw.fields.get(name, "") for name in _FIELDS}
    state = said["state"].lower()
    slot, services = _slot(said["slot"], hall.calendar.zone), _services(said["services"], hall)
    language = {"": "zh", "中文": "zh", "英文": "en"}.get(said["language"], said["language"].lower())
    wrong = {
        "external_id": not 0 < len(said["external_id"]) <= 200,
        "slot": slot is None,
        "services": not services,
        "language": language not in ("zh", "en"),
        "state": state not in _CANCELLED | _BOOKED,
    }
    if slot is None or any(wrong.values()):
        raise BadRow(fields=", ".join(name for name, bad in wrong.items() if bad))
    who = {name: said[name] for name in ("name", "phone", "id_number")}
    return Row(said["external_id"], services, slot, language=language, cancelled=state in _CANCELLED, **who)


def _slot(text: str, zone: ZoneInfo) -> int | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    numbers, offset = [part for part in found.groups()[:-1] if part], found[8]
    try:
        moment = datetime(*map(int, numbers), tzinfo=zone)  # type: ignore[arg-type,misc]  # five numbers
        if offset:
            moment = datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M}{offset}")
    except ValueError:
        return None
    return int(moment.timestamp() * 1000)


def _services(text: str, hall: Hall) -> tuple[str, ...]:
    """Services by id or by name; empty when one is unknown."""
    known = {name: service.id for service in hall.services for name in (service.name.en, service.name.zh, service.id)}
    names = [name.strip() for name in re.split(r"[;,，；、|]", text) if name.strip()]
    # A name may hold a separator itself.
    found = [known.get(text.strip())] if text.strip() in known else [known.get(name) for name in names]
    return tuple(one for one in found if one) if all(found) else ()
