"""One case: its items and their moves, papers, authorisation, the next step, who looks after it, its story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from hall.desk import facts, names
from hall.desk.pages import frame, here, refusal
from hall.domain import cases as rules
from hall.domain.callers import Caller
from hall.domain.errors import HallError, TextNotPlain
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban
from hall.web.booking import picture
from hall.web.texts import said

bp = Blueprint("desk_case", __name__, url_prefix="/desk/cases")
Answer = str | tuple[str, int] | Response
_LONGEST = 1000
#: what the page says after a form was done
DONE: dict[str, Any] = {
    "open": lazy_gettext("The case is open."),
    "item": lazy_gettext("The item has moved on."),
    "served": lazy_gettext("The item is finished: the window has served it."),
    "add": lazy_gettext("The items are added."),
    "hand_over": lazy_gettext("The case is handed over."),
    "paper_in": lazy_gettext("The paper is entered. Print the receipt now."),
    "paper_back": lazy_gettext("The paper is given back. Print the receipt now."),
    "authorise": lazy_gettext("The authorisation is recorded."),
    "note": lazy_gettext("The note is kept."),
    "next": lazy_gettext("The next step is set."),
    "close": lazy_gettext("The case is closed."),
    "identify": lazy_gettext("What is known of the person is kept."),
    "merge": lazy_gettext("Both records are one person's now. This can be taken back."),
    "part": lazy_gettext("They are two people again."),
}


@bp.get("/<case>")
@allow("cases")
def show(case: str) -> Answer:
    """The case, its person masked."""
    done = request.args.get("done", "")
    if done == "number":
        number = request.args.get("number", "")[:8]
        words = _("Number %(number)s is taken. It waits in the lane of the person's own group.", number=number)
        return page(case, told=words)
    return page(case, told=DONE.get(done))


@bp.post("/<case>")
@allow("cases")
def do(case: str) -> Answer:
    """What the page's forms ask for; a refusal is said on the page and nothing has changed."""
    form, what = request.form, request.form.get("do", "")
    if what == "reveal":
        person, texts = sanban().cases.reveal(request_caller(), here().id, case)
        return page(case, person=person, texts=texts)
    action = _ACTIONS.get(what)
    if action is None:
        return page(case), 422
    try:
        more = action(request_caller(), here(), case, form) or {}
    except HallError as refused:
        text, status = refusal(refused)
        return page(case, fault=text, typed=form), status
    return redirect(url_for(".show", case=case, done=what, **more))


@bp.get("/<case>/receipt")
@allow("cases")
def receipt(case: str) -> str:
    """The papers of a case to print and sign, handed in and given back. It names nobody: the number stands for them."""
    hall = here()
    image = sanban().cases.kept.get(hall.id, case)
    address = tracking_url(hall, image)
    return render_template(
        "cases_receipt.html",
        **frame("cases"),
        case=image,
        number=facts.number(image["id"]),
        papers=facts.papers(hall, image),
        owner=facts.officers(hall).get(image["owner"], image["owner"]),
        today=facts.when(hall, sanban().cases.moves.clock()),
        address=address,
        picture=picture(address),
    )


def tracking_url(hall: Hall, case: Image) -> str:
    """Where the person, or a relative they choose, follows the case."""
    public = sanban().settings.public_url or request.url_root.rstrip("/")
    return f"{public}{url_for('desk_tracking.follow', token=sanban().secrets.case_token(hall.id, case['id']))}"


def page(
    case_id: str,
    *,
    told: Any = None,
    fault: str | None = None,
    typed: Mapping[str, str] | None = None,
    person: Person | None = None,
    texts: Mapping[str, str] | None = None,
    found: Mapping[str, Any] | None = None,
) -> str:
    """`person` and `texts` in clear, when somebody asked to see them; `found`: whom an identity number finds."""
    hall, desk = here(), sanban().cases
    case, now = desk.kept.get(hall.id, case_id), desk.moves.clock()
    left = [one.id for one in hall.items if case["kind"] in one.kinds]
    items = facts.items(hall, case, now)
    visits = [case["visit"]] if case.get("visit") else []
    return render_template(
        "cases_case.html",
        **frame("cases"),
        case=case,
        row=facts.row(hall, case, facts.person_of(hall, case), now),
        masked=facts.person_of(hall, case),
        items=items,
        papers=facts.papers(hall, case),
        kinds_of_paper=_papers(hall, case),
        story=facts.story(hall, case, texts or {}),
        source=names.SOURCES[case["source"]],
        authorised=case.get("authorised"),
        names=names,
        addable=[one for one in hall.items if one.id in left],
        bundles=[one for one in hall.bundles if set(one.items) <= set(left)],
        takes_number=[one for one in items if one["service"] and not one["ended"]],
        suggested=suggested(hall, case["community"], [one["item"] for one in case["items"].values()], case["owner"]),
        address=tracking_url(hall, case),
        visit_ahead=any(one["state"] == "planned" for one in desk.kept.many(hall.id, "visit", visits)),
        next_at=facts.field_moment(hall, max(case.get("next_at") or 0, now + 86_400_000)),
        told=told,
        fault=fault,
        typed=typed or {},
        person=person,
        found=found,
        merged=desk.people.merged(hall.id, case["person"]),
    )


def suggested(hall: Hall, community: str, items: list[str], but: str = "") -> list[dict[str, Any]]:
    """Officers for a case, the most suitable one first, with the reasons in words."""
    known = facts.officers(hall)
    found = sanban().cases.suggest(hall.id, community=community, items=items)
    return [{"id": one.officer, "words": _reasons(known[one.officer], one)} for one in found if one.officer != but]


def _reasons(name: str, one: rules.Suggested) -> str:
    parts = [name]
    if one.community:
        parts.append(_("of this community"))
    if one.skills:
        parts.append(_("knows %(n)s of the matters", n=len(one.skills)))
    parts.append(_("%(load)s of %(capacity)s cases", load=one.load, capacity=one.capacity))
    if one.away:
        parts.append(_("absent now"))
    return " · ".join(parts)


def _papers(hall: Hall, case: Image) -> dict[str, str]:
    """Kinds of papers that the items of a case may need, and `other`."""
    wanted = {one["item"] for one in case["items"].values()}
    found = {paper.id: said(paper.name) for one in hall.items if one.id in wanted for paper in one.papers}
    return {**found, "other": str(names.OTHER_PAPER)}


# What the forms do -----------------------------------------------------------------------------

Form = MultiDict[str, str]
More = dict[str, Any] | None


def _text(form: Form, name: str) -> str:
    return form.get(name, "")[:_LONGEST]


def _item(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().cases.move_item(
        caller,
        hall.id,
        case,
        form.get("item", ""),
        form.get("move", ""),
        reason=_text(form, "reason"),
        outcome=form.get("outcome") or None,
        present=bool(form.get("present")),
    )
    return None


def _served(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().case_tickets.served(caller, hall.id, case, form.get("item", ""))
    return None


def _add(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    wanted = Wanted(tuple(form.getlist("items")), tuple(form.getlist("bundles")))
    sanban().cases.add(caller, hall.id, case, wanted)
    return None


def _hand_over(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().cases.hand_over(caller, hall.id, case, form.get("owner", ""), _text(form, "reason"))
    return None


def _paper_in(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    original = form.get("original") == "yes"
    sanban().cases.paper_in(caller, hall.id, case, form.get("paper", ""), original=original, note=_text(form, "note"))
    return None


def _paper_back(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().cases.paper_back(caller, hall.id, case, form.get("paper", ""))
    return None


def _authorise(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().cases.authorise(caller, hall.id, case, form.get("how", ""), _text(form, "note"))
    return None


def _note(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    if not form.get("note", "").strip():
        raise TextNotPlain(field="note")
    sanban().cases.note(caller, hall.id, case, _text(form, "note"))
    return None


def _next(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    at = facts.read_moment(hall, form.get("at", ""))
    sanban().cases.next_step(caller, hall.id, case, at, form.get("step", ""), _text(form, "note"))
    return None


def _number(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    place = sanban().case_tickets.take_number(caller, hall.id, case, tuple(form.getlist("items")))
    return {"number": place.ticket["number"]}


def _close(caller: Caller, hall: Hall, case: str, form: Form) -> More:
    sanban().cases.close(caller, hall.id, case, _text(form, "note"))
    return None


_ACTIONS: dict[str, Callable[[Caller, Hall, str, Form], More]] = {
    "item": _item,
    "served": _served,
    "add": _add,
    "hand_over": _hand_over,
    "paper_in": _paper_in,
    "paper_back": _paper_back,
    "authorise": _authorise,
    "note": _note,
    "next": _next,
    "number": _number,
    "close": _close,
}
