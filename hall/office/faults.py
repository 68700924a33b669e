"""What is wrong with a changed description, by field of the form that changes it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from pydantic import ValidationError

from hall.domain.errors import BadHallFile, HallError
from hall.office import refusals
from hall.office.fields import Part
from hall.office.parts import PARTS
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

Faults = dict[str, str]
#: tables within a part, whose fields have forms of their own
_NESTED = ("head_start", "hours", "appointments", "mail", "sms", "penalty", "position")


def faults_of(run: Callable[[], object], part: Part | None) -> Faults:
    """What was wrong by field of a part's form (`""`: none of them), nothing when all is well."""
    try:
        run()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        key = [str(one) for one in first["loc"] if isinstance(one, str) and not one[:1].isupper()]
        return _fault(key, first["msg"], part)
    except BadHallFile as error:
        return _fault(str(error.facts["key"]).split("."), str(error.facts["why"]), part)
    except HallError as refusal:
        field = "reason" if refusal.code == "REASON_MISSING" else str(refusal.facts.get("field", ""))
        return {field: said_with(PROBLEMS[refusal.code][1], refusal.facts)}
    return {}


def _fault(key: list[str], why: str, part: Part | None) -> Faults:
    """What a thing says of itself as a whole names the field in words."""
    field, names = _field(key), {one.name: one.words for one in (part.fields if part else ())}
    told = refusals.named(why)
    whole = next((one for one in (f"{field}.{told}", told) if told and one in names), None)
    labels = {name.rpartition(".")[2]: words for name, words in names.items()}
    said = refusals.said(why, lambda name: str(labels.get(name, name)))
    return {whole if whole and field not in names else field: _("This cannot be used: %(why)s", why=said)}


def _field(path: list[str]) -> str:
    """The form's field of a path like services.3.materials.0.id: the name below the thing."""
    names = [part for part in path if not part.isdigit()]
    if names and names[0] in PARTS:
        names = names[1:]
    if names[:1] in ([one] for one in _NESTED):
        return ".".join(names)
    return names[0] if names else ""
