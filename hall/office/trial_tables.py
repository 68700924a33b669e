"""Answers of planning as tables and charts: ranges over many days in words that need no statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from hall.office import names
from hall.office.reports import Shown

Json = dict[str, Any]
#: [one day in ten is below, a typical day, one day in ten is above]
Range = Sequence[float] | None


class Row(NamedTuple):
    """`recorded`, `was`, `plan` and `change` in words; `group`: the kind of visitor it begins with."""

    group: str
    words: str
    recorded: str
    was: str
    plan: str
    change: str
    #: 1 better, -1 worse, 0 neither
    better: int


def clock(half: int) -> str:
    return f"{half // 2:02}:{half % 2 * 30:02}"


def said(found: Range, unit: str) -> str:
    """A typical day, and between what eight of ten days lie."""
    if found is None:
        return "–"
    low, middle, high = (_figure(value, unit) for value in found)
    return middle if low == high else f"{middle} ({low}–{high})"


def _figure(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.0%}"
    if unit == "count":
        return f"{value:.0f}"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _change(was: Range, plan: Range, unit: str, less: bool | None) -> tuple[str, int]:
    """How a typical day changes, and whether that is better; `less` is better, more is, or neither (None)."""
    if was is None or plan is None:
        return "–", 0
    difference = plan[1] - was[1]
    text = _figure(abs(difference), unit)
    if text == _figure(0, unit):
        return "=", 0
    points = text.replace("%", "") if unit == "share" else text
    better = 0 if less is None else 1 if (difference < 0) == less else -1
    return f"{'+' if difference > 0 else '−'}{points}", better


def comparison(answer: Json) -> list[Row]:
    """Every figure of a trial, today's plan beside the plan that was tried."""
    was, plan, recorded = answer["was"], answer["plan"], answer["recorded"]
    figures = (
        ("mean", _("average wait, minutes"), "minutes", True),
        ("p90", _("nine of ten wait at most, minutes"), "minutes", True),
        ("in_time", _("called in time"), "share", False),
    )
    rows = []
    for lane in (name for name in names.LANES if name in was["lanes"] or name in plan["lanes"]):
        before, after = (run["lanes"].get(lane, {}) for run in (was, plan))
        people = _row(before, after, "people", _("people"), "count", less=None)
        rows.append(people._replace(group=str(names.LANES[lane])))
        for name, words, unit, less in figures:
            row = _row(before, after, name, words, unit, less=less)
            known = lane in recorded and name == "mean"
            rows.append(row._replace(recorded=_figure(recorded[lane], "minutes")) if known else row)
    return rows + _hall(was, plan)


def _hall(was: Json, plan: Json) -> list[Row]:
    """What is of the hall as a whole."""
    rows = [
        _row(was["passed"], plan["passed"], "mean", _("later arrivals called before an ordinary visitor"), "minutes"),
        _row(was["passed"], plan["passed"], "most", _("the same, for whom it was worst"), "count"),
        _row(
            _hours(was["idle"]), _hours(plan["idle"]), "", _("hours in which a window had nobody"), "minutes", less=None
        ),
        _row(was, plan, "over", _("last visitor served, minutes after closing"), "minutes"),
    ]
    if max(was["left"][2], plan["left"][2]) > 0:
        rows.append(_row(was, plan, "left", _("people for whom no window was open"), "count"))
    hours = [{"": [run["hours"]] * 3} for run in (was, plan)]
    rows.append(_row(hours[0], hours[1], "", _("hours of general windows"), "minutes", less=None))
    return [rows[0]._replace(group=_("The hall")), *rows[1:]]


def _hours(minutes: Range) -> dict[str, Range]:
    return {"": None if minutes is None else [value / 60 for value in minutes]}


def _row(was: Json, plan: Json, name: str, words: str, unit: str, *, less: bool | None = True) -> Row:
    before, after = was.get(name), plan.get(name)
    change, better = _change(before, after, unit, less)
    return Row("", words, "", said(before, unit), said(after, unit), change, better)


def verdict(answer: Json) -> list[str]:
    """What a manager wants to know first."""
    was, plan = answer["was"], answer["plan"]
    told = []
    before, after = (run["lanes"].get("ordinary", {}).get("mean") for run in (was, plan))
    if before and after:
        told.append(
            _(
                "On a typical day ordinary visitors wait %(plan)s minutes on average; with today's plan %(was)s.",
                plan=_figure(after[1], "minutes"),
                was=_figure(before[1], "minutes"),
            )
        )
    told.append(
        _(
            "General windows are open %(plan)s hours together; today %(was)s.",
            plan=names.cell(plan["hours"], "number"),
            was=names.cell(was["hours"], "number"),
        )
    )
    return told


def _table(head: list[str], rows: list[tuple[str, list[str]]]) -> tuple[list[str], list[Json]]:
    return head, [{"key": key, "hidden": False, "cells": [(cell, True) for cell in cells]} for key, cells in rows]


def waits_chart(answer: Json) -> Shown:
    """Ordinary visitors' mean wait by half hour: both plans, each with the band of eight of ten days."""
    labels = [clock(half) for half in answer["halves"]]
    series, rows = [], {label: list[str]() for label in labels}
    for ink, (name, words) in enumerate((("was", _("today's plan")), ("plan", _("this plan")))):
        halves = answer[name]["halves"]
        above, below = _("%(plan)s, one day in ten above", plan=words), _("%(plan)s, one day in ten below", plan=words)
        for part, told in ((1, words), (2, above), (0, below)):
            values = [None if one is None else one[part] for one in halves]
            series.append({"name": told, "values": values, "ink": ink, "edge": part != 1})
        for label, one in zip(labels, halves, strict=True):
            rows[label].append(said(one, "minutes"))
    chart = {"unit": "minutes", "unit_name": str(names.UNITS["minutes"]), "key": _("From"), "labels": labels}
    head, table = _table([_("today's plan"), _("this plan")], list(rows.items()))
    bands = [[1, 2], [4, 5]]
    title = _("Average wait of ordinary visitors who come in each half hour; in the band on eight days of ten")
    return Shown("trial-waits", title, _("From"), head, table, {**chart, "series": series, "bands": bands})


def windows_chart(answer: Json) -> Shown:
    """Windows by half hour: today's plan and the one that was tried."""
    columns = [(_("today's plan"), answer["was"]["windows"]), (_("this plan"), answer["plan"]["windows"])]
    return _stepped("trial-windows", _("Windows open in each half hour"), answer["halves"], columns)


def staffing_chart(answer: Json) -> Shown:
    slots = answer["slots"]
    columns = [(words, [slot[name] for slot in slots]) for words, name in _columns()]
    return _stepped("staffing", _("Windows in each half hour"), answer["halves"], columns)


def _columns() -> list[tuple[str, str]]:
    return [(_("today's plan"), "usual"), (_("needed"), "windows"), (_("Erlang's formula"), "erlang")]


def _stepped(name: str, title: str, halves: list[int], columns: list[tuple[str, list[int]]]) -> Shown:
    labels = [clock(half) for half in halves]
    series = [{"name": words, "values": values} for words, values in columns]
    chart: Json = {"unit": "number", "unit_name": _("Windows"), "key": _("From"), "labels": labels, "stepped": True}
    rows = [(label, [str(values[n]) for _words, values in columns]) for n, label in enumerate(labels)]
    head, table = _table([words for words, _values in columns], rows)
    return Shown(name, title, _("From"), head, table, {**chart, "series": series})


def staffing_table(answer: Json) -> Shown:
    """Half hour by half hour: windows, and who is called in time with today's plan and with the one that was found."""
    lanes = list(answer["slots"][0]["shares"])
    head = [words for words, _name in _columns()] + [_("Work, in windows")]
    for lane in lanes:
        head += [
            _("%(lane)s in time, today's plan", lane=names.LANES[lane]),
            _("%(lane)s in time", lane=names.LANES[lane]),
        ]
    rows = []
    for slot in answer["slots"]:
        cells = [str(slot[name]) for _words, name in _columns()] + [f"{slot['load']:.1f}"]
        for lane in lanes:
            cells += [names.cell(slot[when][lane], "share") for when in ("was", "shares")]
        rows.append((clock(slot["start"] // 1_800_000) + ("" if slot["met"] else " ✗"), cells))
    made, table = _table(head, rows)
    return Shown("staffing", _("The plan by half hour"), _("From"), made, table, None)
