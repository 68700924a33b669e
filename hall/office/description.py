"""The hall's description as forms, as a file, and what a file would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hall.domain.errors import BadHallFile
from hall.domain.halls import Hall
from hall.office import parts, refusals
from hall.office.faults import Faults, faults_of
from hall.office.fields import Field, Part
from hall.office.pages import frame
from hall.office.parts import PARTS
from hall.services import hall_file
from hall.web.access import allow, current, request_caller, sanban
from hall.web.texts import said

bp = Blueprint("office_description", __name__, template_folder="templates", url_prefix="/office/description")
Json = dict[str, Any]


@bp.get("")
@allow("configure")
def description() -> str:
    """One part at a time: its things, and the form of one of them."""
    return _page(request.args.get("part", "services"), request.args.get("id"))


@bp.post("")
@allow("configure")
def change() -> AnyResponse | tuple[str, int]:
    """Change, add or remove one thing, with a reason."""
    form = request.form
    name, old_id = form.get("part", ""), form.get("old", "")
    part = PARTS.get(name)
    if part is None:
        return _page("services", None), 404
    gone = "remove" in form and part.many
    what = f"{name or 'hall'} {old_id or form.get(part.key, '')}".strip()[:80]

    def changed(hall: Hall) -> Hall:
        data = hall_file.as_data(hall)
        _put(data, name, part, old_id, None if gone else _typed(hall, data, name, part, old_id))
        return hall_file.from_data(data)

    if "look" in form:
        hall = sanban().halls.get(current().hall)
        faults = faults_of(lambda: sanban().halls.check(changed(hall), hall), part)
        seen = [] if faults else _differing(part, hall, changed(hall), name, old_id, form.get(part.key, old_id))
        return _page(name, old_id or "+", faults, seen), 422 if faults else 200
    faults = _try(part, changed, what, form.get("reason", ""))
    if faults:
        return _page(name, old_id or "+", faults), 422
    shown = form.get(part.key, old_id) if part.many and not gone and not old_id else old_id
    return redirect(url_for(".description", part=name, id=None if gone or not part.many else shown, done=1))


def _typed(hall: Hall, data: Json, name: str, part: Part, old_id: str) -> Json:
    return parts.read(part.fields, request.form, _old(data, name, part, old_id), hall)


def _old(data: Json, name: str, part: Part, old_id: str | None) -> Json:
    if not part.many:
        found: Json = data.get(name, {}) if name else data
        return found
    return next((one for one in data.get(name, []) if one[part.key] == old_id), {})


def _put(data: Json, name: str, part: Part, old_id: str, new: Json | None) -> None:
    if not part.many:
        data.update(new or {}) if not name else data.update({name: new})
        if not name:
            for field in part.fields:
                top = field.name.partition(".")[0]
                if new is not None and top not in new:
                    data.pop(top, None)
        return
    rows = list(data.get(name, []))
    place = next((n for n, one in enumerate(rows) if one[part.key] == old_id), None) if old_id else None
    if place is not None:
        rows[place : place + 1] = [] if new is None else [new]
    elif new is not None:
        rows.append(new)
    if name == "days":
        rows.sort(key=lambda day: str(day.get("date", "")))
    data[name] = rows


def _differing(part: Part, old: Hall, new: Hall, name: str, old_id: str, new_id: str) -> list[tuple[Any, str, str]]:
    """(field, as it is, as it would be) of what a change would change."""
    was, now = (
        _old(hall_file.as_data(hall, whole=True), name, part, thing) for hall, thing in ((old, old_id), (new, new_id))
    )
    pairs = [(field.words, parts.value_of(field, was), parts.value_of(field, now)) for field in part.fields]
    return [(words, _told(one), _told(other)) for words, one, other in pairs if one != other]


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return " / ".join(text for text in (value.get("zh"), value.get("en")) if text) or "–"
    return " ".join(value) if isinstance(value, list) else value or "–"


def _try(part: Part | None, change: Callable[[Hall], Hall], what: str, reason: str) -> Faults:
    """Change the hall; what was wrong by field (`""`: none of them)."""
    return faults_of(lambda: sanban().halls.change(current().hall, request_caller(), change, what, reason), part)


def _page(
    name: str, chosen: str | None, faults: Faults | None = None, seen: list[tuple[Any, str, str]] | None = None
) -> str:
    """`seen`: what a preview found."""
    part = PARTS.get(name, PARTS["services"])
    name = name if name in PARTS else "services"
    hall = sanban().halls.get(current().hall)
    data = hall_file.as_data(hall)
    rows = [(one[part.key], _row_name(one)) for one in data.get(name, [])] if part.many else []
    is_new = part.many and (chosen == "+" or (bool(faults) and not request.form.get("old")))
    old = {} if is_new else _old(hall_file.as_data(hall, whole=True), name, part, chosen)
    open_ = is_new or not part.many or bool(old)
    values = {field.name: _shown(field, old, faults is not None) for field in part.fields}
    known = {field.name for field in part.fields} | {"reason"}
    lost = [why for field, why in (faults or {}).items() if field.split(".")[0] not in known and field not in known]
    return render_template(
        "office_description.html",
        **frame(),
        parts=PARTS,
        name_=name,
        part=part,
        rows=rows,
        chosen=None if is_new else chosen,
        is_new=is_new,
        open_=open_,
        values=values,
        faults=faults or {},
        lost=lost,
        seen=seen,
        reason=request.form.get("reason", ""),
        done=request.args.get("done"),
    )


def _shown(field: Field, old: Json, typed: bool) -> Any:
    """What was typed, when it was refused."""
    if not typed or (field.name == "id" and old):
        return parts.value_of(field, old)
    form = request.form
    if field.kind == "both":
        return {lang: form.get(f"{field.name}.{lang}", "") for lang in ("zh", "en")}
    return form.getlist(field.name) if field.kind in ("lines", "several") else form.get(field.name, "")


def _row_name(one: Json) -> str:
    if "label" in one:
        return str(_("Window %(label)s", label=one["label"]))
    if "name" in one:
        name = one["name"] if isinstance(one["name"], str) else said(one["name"])
        return f"{one['letter']} {name}" if "letter" in one else name or str(one["id"])
    return f"{one['date']} {one.get('why', '')}" if "date" in one else str(one["id"])


# As a file -----------------------------------------------------------------------------------


@bp.get("/hall.toml")
@allow("configure")
def export() -> Response:
    """The description in the file's format."""
    response = make_response(sanban().halls.toml(current().hall))
    response.content_type = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{current().hall}.toml"'
    return response


@bp.get("/import")
@allow("configure")
def bring() -> str:
    return render_template(
        "office_import.html", **frame(), text="", fault=None, changes=None, done=request.args.get("done")
    )


@bp.post("/import")
@allow("configure")
def import_() -> AnyResponse | tuple[str, int]:
    """First what a file would change; then, with a reason, the change."""
    text, fault, changes = request.form.get("toml", ""), None, None
    hall = sanban().halls.get(current().hall)
    try:
        new = replace(hall_file.parse(text), today=hall.today)
        changes = differences(hall_file.as_data(hall), hall_file.as_data(new))
        fault = next(iter(faults_of(lambda: sanban().halls.check(new, hall), None).values()), None)
        if new.id != hall.id:
            why = _("this is the file of %(hall)s", hall=new.id)
            fault, changes = _("Line %(line)s, %(key)s: %(why)s", line=1, key="id", why=why), None
        elif not fault and "sure" in request.form:
            faults = _try(None, lambda old: replace(new, today=old.today), "import", request.form.get("reason", ""))
            if not faults:
                return redirect(url_for(".bring", done=1))
            fault = next(iter(faults.values()))
    except BadHallFile as error:
        line, key = error.facts["line"], str(error.facts["key"])
        # What is no TOML at all is told by its reader, in English alone.
        why = refusals.said(str(error.facts["why"])) if key else _("This is no TOML.")
        fault = _("Line %(line)s, %(key)s: %(why)s", line=line, key=key, why=why)
    page = render_template("office_import.html", **frame(), text=text, fault=fault, changes=changes, done=None)
    return page, 422 if fault else 200


def differences(old: Json, new: Json) -> list[tuple[str, list[str]]]:
    """What changes, part by part: +added −removed ~changed; a part that is no list is only named."""
    found: list[tuple[str, list[str]]] = []
    for name in sorted(set(old) | set(new)):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        rows = [side for side in (was, now) if side is not None]
        key = "date" if name == "days" else "id"
        if not all(isinstance(side, list) and all(isinstance(one, dict) for one in side) for side in rows):
            found.append((name, []))
            continue
        before = {one[key]: one for one in was or []}
        after = {one[key]: one for one in now or []}
        marks = [f"+{one}" for one in after if one not in before] + [f"−{one}" for one in before if one not in after]
        found.append((name, marks + [f"~{one}" for one in after if one in before and before[one] != after[one]]))
    return found
