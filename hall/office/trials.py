"""Planning over many days: a plan tried, and the search for the windows that are needed. A job answers; the page shows
how far it is, and its last answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.office import names, trial_form, trial_tables
from hall.office.pages import frame
from hall.office.trial_form import BadForm
from hall.simulator.day import lane
from hall.simulator.learned import FEW, FEWEST, lived, recorded_days, works_like
from hall.simulator.planner import house_of
from hall.simulator.questions import DAYS, STAFFING, TRIAL, Question
from hall.simulator.recorded import NothingRecorded
from hall.simulator.rosters import HALF_HOUR
from hall.store.planning import Asked
from hall.web.access import allow, current, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

bp = Blueprint("office_trials", __name__, template_folder="templates", url_prefix="/office/planning")
#: ms without a word after which something is wrong, and after which nobody seems to be there
_SILENT: Final = 10_000
_NOBODY: Final = 20_000
#: a share of work from which on the rest can be guessed
_GUESSED: Final = 0.05
Answer = Response | tuple[str, int] | str
Json = dict[str, Any]


@bp.get("/trial")
@allow("reports")
def trial() -> str:
    """Try other windows, head starts or appointments over many days."""
    return _page(TRIAL, request.args)


@bp.post("/trial")
@allow("reports")
def ask_trial() -> Answer:
    return _ask(TRIAL)


@bp.get("/staffing")
@allow("reports")
def staffing() -> str:
    """Search how many windows each half hour needs."""
    return _page(STAFFING, request.args)


@bp.post("/staffing")
@allow("reports")
def ask_staffing() -> Answer:
    return _ask(STAFFING)


@bp.post("/stop")
@allow("reports")
def stop() -> Response:
    """Stop the question that is being answered; what was found before stays."""
    kind = STAFFING if request.form.get("kind") == STAFFING else TRIAL
    stopped = sanban().store.planning.stop(current().hall, request.form.get("id", ""))
    return redirect(url_for(f".{kind}", stopped=int(stopped)), 303)


@bp.get("/state")
@allow("reports")
def state() -> Json:
    """How far the hall's question is: `running` None when there is none."""
    asked = sanban().store.planning.asked(current().hall)
    return {"running": None if asked is None else _running(asked)}


def _running(asked: Asked) -> Json:
    now = sanban().store.clock()
    words = str(_so_far(asked, now))
    return {"id": asked.id, "kind": asked.kind, "share": round(asked.share, 3), "words": words}


def _so_far(asked: Asked, now: int) -> Any:
    if asked.beat is None and asked.turn > 1:
        return _("The planner was interrupted. It begins again by itself.")
    if asked.beat is None or asked.begun is None:
        if now - asked.asked < _NOBODY:
            return _("Waiting for the planner to begin.")
        return _(
            "Nobody has begun yet. If it stays so, tell whoever looks after the computer: the planner is not there."
        )
    if now - asked.beat > _SILENT:
        return _("The planner is silent. If it was interrupted, it begins again by itself within a minute.")
    if asked.share < _GUESSED:
        return _("Begun.")
    left = round((now - asked.begun) / asked.share * (1 - asked.share) / 1000)
    return _("%(percent)s done, about %(seconds)s seconds left.", percent=f"{asked.share:.0%}", seconds=max(1, left))


# Asking --------------------------------------------------------------------------------------


def _ask(kind: str) -> Answer:
    here, form = sanban(), request.form
    hall = here.halls.get(current().hall)
    source = trial_form.source_of(hall, form)
    try:
        if source is None:
            raise NothingRecorded(date="")
        days = lived(here.reports.archive, hall, source, _today(hall))
        question = trial_form.read(hall, source, list(house_of(hall, source, days).usual().values()), form)
        here.store.planning.ask(hall.id, kind, question.as_data(), here.store.clock())
    except BadForm as error:
        return _page(kind, form, str(error)), 422
    except HallError as refusal:
        status, text = PROBLEMS[refusal.code]
        return _page(kind, form, said_with(text, refusal.facts)), status
    return redirect(url_for(f".{kind}"), 303)


def _today(hall: Hall) -> date:
    return hall.calendar.date_of(sanban().store.clock())


# Showing -------------------------------------------------------------------------------------


def _page(kind: str, form: MultiDict[str, str], fault: str | None = None) -> str:
    here = sanban()
    hall = here.halls.get(current().hall)
    known = recorded_days(here.reports.archive, hall, _today(hall))
    asked, answer = here.store.planning.asked(hall.id), here.store.planning.answer(hall.id, kind)
    before = asked.question if asked is not None and asked.kind == kind else answer["question"] if answer else None
    source = trial_form.source_of(hall, form) if form.get("source") else before["source"] if before else None
    shown: Json = {"values": None}
    try:
        source = source or _usual_source(hall, known)
        shown = _form(hall, source, form, before)
    except HallError as refusal:
        fault = fault or said_with(PROBLEMS[refusal.code][1], refusal.facts)
    return render_template(
        f"office_{kind}.html",
        **frame(),
        **shown,
        kind=kind,
        source=source,
        known=known,
        fault=fault,
        stopped=form.get("stopped"),
        running=None if asked is None else _running(asked),
        answer=None if answer is None else _answered(kind, hall, answer),
        weekdays=trial_form.weekdays(hall),
        choices=DAYS,
        lanes=names.LANES,
    )


def _usual_source(hall: Hall, known: list[date]) -> str:
    """The next opening's weekday while enough of them are recorded, else the newest recorded day."""
    today = _today(hall)
    coming = (today + timedelta(days=n) for n in range(1, 15))
    weekday = works_like(hall.calendar, next((day for day in coming if hall.calendar.spans(day)), today))
    enough = sum(works_like(hall.calendar, day) == weekday for day in known) >= FEWEST
    return str(weekday) if enough or not known else known[0].isoformat()


def _form(hall: Hall, source: str, form: MultiDict[str, str], before: Json | None) -> Json:
    """Fields with what was typed, asked before, or is today's; the days that all of it rests on."""
    days = lived(sanban().reports.archive, hall, source, _today(hall))
    house = house_of(hall, source, days)
    usual = house.usual()
    question = Question.of(hall, source, tuple(usual.values()))
    if before and before["source"] == source:
        question = Question.from_data(before)
    values = {**trial_form.address(question), "most": question.most, **_targets(question), **form.to_dict()}
    typed = form.getlist("n") or [str(n) for n in question.counts]
    typed += [str(n) for n in list(usual.values())[len(typed) :]]
    halves = [(trial_tables.clock(half), usual[half], n) for half, n in zip(usual, typed, strict=False)]
    guests = [guest for one in days for guest in one.guests]
    kinds = [lane(guest, hall.policy) for guest in guests]
    return {
        "values": values,
        "halves": halves,
        "windows": sum(window.kind == "general" for window in hall.windows),
        "days": [one.day for one in days],
        "few": len(source) == 1 and len(days) < FEW,
        "people": {name: round(kinds.count(name) / len(days)) for name in names.LANES},
        "booked": kinds.count("appointment") / len(kinds),
    }


def _targets(question: Question) -> Json:
    by_lane = {target.lane: target for target in question.targets}
    found: Json = {}
    for name in names.LANES:
        target = by_lane.get(name)
        found |= {f"minutes_{name}": target.minutes if target else 10}
        found |= {f"share_{name}": round(100 * target.share) if target else ""}
    return found


def _answered(kind: str, hall: Hall, answer: Json) -> Json:
    """The last answer in words, tables and charts; `fault` when there was none."""
    question = Question.from_data(answer["question"])
    told: Json = {"source": trial_form.source_name(question.source), "days": question.days, "fault": None}
    if "code" in answer:
        return {**told, "fault": said_with(PROBLEMS[answer["code"]][1], answer.get("facts", {}))}
    told["at"] = f"{hall.calendar.local(answer['at']):%H:%M}"
    if kind == TRIAL:
        return {
            **told,
            "verdict": trial_tables.verdict(answer),
            "changed": trial_form.changed(question, answer["policy"]),
            "rows": trial_tables.comparison(answer),
            "left": max(answer["plan"]["left"][2], answer["was"]["left"][2]),
            "charts": [trial_tables.waits_chart(answer), trial_tables.windows_chart(answer)],
        }
    plan = replace(question, counts=tuple(slot["windows"] for slot in answer["slots"]))
    return {
        **told,
        "met": answer["met"],
        "missed": [trial_tables.clock(slot["start"] // HALF_HOUR) for slot in answer["slots"] if not slot["met"]],
        "hours": names.cell(answer["hours"], "number"),
        "usual_hours": names.cell(answer["usual_hours"], "number"),
        "targets": question.targets,
        "table": trial_tables.staffing_table(answer),
        "charts": [trial_tables.staffing_chart(answer)],
        "take": url_for(".trial", **trial_form.address(plan)),
        "rounds": answer["rounds"],
    }
