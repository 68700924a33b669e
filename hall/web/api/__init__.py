"""The JSON API: thin routes over the services, described by OpenAPI."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response
from flask.globals import request_ctx
from flask.json.provider import DefaultJSONProvider
from flask_openapi import Info, OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from hall.domain.errors import HallError
from hall.web.access import open_to_all
from hall.web.api.description import DescribedApp
from hall.web.errors import problem

_ABOUT = """
Take numbers, call them, follow a hall. Errors are `application/problem+json` with a stable `code`.

Programs send `Authorization: Bearer …` (`python -m hall token add` prints a token, once). Send an
`Idempotency-Key` with every POST: the same key repeats the first answer for a day instead of doing it twice.
"""


#: calls whose body is or holds a file, and how many bytes that may have
_IMPORT = "appointments.import_"
_LONGEST = {_IMPORT: 8 * 1024 * 1024, "visits.doorstep": 480 * 1024}


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
    app = DescribedApp(
        name,
        info=Info(title="Sanban", version="1", description=_ABOUT),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        doc_prefix="/api/docs",
        doc_url="/openapi.json",
        validation_error_callback=_bad_fields,
        **options,
    )
    app.json = _StrictJson(app)
    app.before_request(_allow_files)
    return app


def _allow_files() -> None:
    """The first hook of all: whoever looks for a browser's token already asks how long the body is."""
    request = request_ctx.request
    if request.endpoint in _LONGEST:
        request.max_content_length = _LONGEST[request.endpoint]


def _check_body() -> None:
    """A body must be JSON before anyone looks at its fields."""
    request = request_ctx.request  # flask's own `request` looks for it at every use
    if request.endpoint is None or not request.path.startswith("/api/"):
        return  # no such address: 404 or 405 follows
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        request._cached_json = ({}, {})  # nothing sent: every field has its default
        return
    if request.endpoint == _IMPORT and request.mimetype == "text/csv":
        return
    if request.mimetype != "application/json":
        raise BadContentType()
    try:
        body = request.get_json()
    except BadRequest:
        raise BodyNotJson() from None
    if isinstance(body, str):
        request._cached_json = ([], [])  # the library would read a text as JSON once more


class _StrictJson(DefaultJSONProvider):
    """JSON that two readers understand alike: no NaN, no key twice, no depth that breaks the reader."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            return _READER.decode(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is there twice")
    return fields


_READER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def register(app: OpenAPI) -> None:
    from hall.web.api import (
        appointments,
        cases,
        changes,
        displays,
        halls,
        helping,
        nearby,
        notes,
        office,
        paper,
        reports,
        tickets,
        visits,
        voice,
        windows,
    )

    app.before_request(_check_body)
    for module in (
        tickets,
        windows,
        halls,
        changes,
        paper,
        appointments,
        voice,
        helping,
        displays,
        nearby,
        reports,
        office,
        notes,
        cases,
        visits,
    ):
        app.register_api(module.bp)
    app.add_url_rule("/api/v1/openapi.json", "openapi_json", lambda: app.api_doc)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/docs") or rule.rule == "/api/v1/openapi.json":
            open_to_all(app, rule.endpoint)
