"""The JSON API: thin routes over the services, described by OpenAPI."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request
from flask_openapi import Info, OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from hall.domain.errors import HallError
from hall.web.access import open_to_all
from hall.web.errors import problem

_ABOUT = """
Take numbers, call them, follow a hall. Errors are `application/problem+json` with a stable `code`.

Programs send `Authorization: Bearer …` (`python -m hall token add` prints a token, once). Send an
`Idempotency-Key` with every POST: the same key repeats the first answer for a day instead of doing it twice.
"""


class BodyNotJson(HallError):
    code = "BODY_NOT_JSON"


class BadContentType(HallError):
    code = "BAD_CONTENT_TYPE"


def _bad_fields(error: ValidationError) -> Response:
    response = problem("BAD_FIELDS")
    body = response.get_json()
    # Never the input itself: it may hold an identity number.
    body["fields"] = [
        {"field": ".".join(str(part) for part in one["loc"]), "problem": one["msg"]}
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    answer = make_response(body, response.status_code)
    answer.content_type = response.content_type
    return answer


def create_app(name: str, **options: Any) -> OpenAPI:
    """A Flask application that describes its API."""
    return OpenAPI(
        name,
        info=Info(title="Sanban", version="1", description=_ABOUT),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        doc_prefix="/api/docs",
        doc_url="/openapi.json",
        validation_error_callback=_bad_fields,
        **options,
    )


def _check_body() -> None:
    """A body must be JSON before anyone looks at its fields."""
    if not request.path.startswith("/api/") or request.method not in ("POST", "PUT", "PATCH"):
        return
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        request._cached_json = ({}, {})  # nothing sent: every field has its default
        return
    if request.mimetype != "application/json":
        raise BadContentType()
    try:
        request.get_json()
    except BadRequest:
        raise BodyNotJson() from None


def register(app: OpenAPI) -> None:
    from hall.web.api import changes, halls, tickets, windows

    app.before_request(_check_body)
    for module in (tickets, windows, halls, changes):
        app.register_api(module.bp)
    app.add_url_rule("/api/v1/openapi.json", "openapi_json", lambda: app.api_doc)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/docs") or rule.rule == "/api/v1/openapi.json":
            open_to_all(app, rule.endpoint)
