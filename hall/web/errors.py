"""One shape for everything that goes wrong: problem+json (RFC 9457) for programs, a page for people."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from hall.domain.errors import HallError, StoreAway
from hall.web.problems import PROBLEMS

_log = structlog.get_logger()
_BY_STATUS = {
    400: "BAD_REQUEST",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
    415: "BAD_CONTENT_TYPE",
    422: "BAD_FIELDS",
}


def problem(code: str, facts: dict[str, Any] | None = None, status: int | None = None) -> Response:
    """A problem+json answer. `facts` fill the text and are told as `facts`."""
    usual, text = PROBLEMS[code]
    status = status or usual
    body: dict[str, Any] = {
        "type": f"https://sanban.example/problems/{code.lower().replace('_', '-')}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": said(text, facts or {}),
    }
    if facts:
        body["facts"] = facts
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return _with_headers(response, facts or {})


def _with_headers(response: Response, facts: dict[str, Any]) -> Response:
    """What a status asks of the client besides."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if response.status_code == 429:
        response.headers["Retry-After"] = str(facts.get("seconds", 60))
    if response.status_code == 503:
        response.headers["Retry-After"] = "2"
    return response


def said(text: Any, facts: dict[str, Any]) -> str:
    """A text with its facts; a fact that is missing is left out rather than an error."""
    return str(text) % _Facts(facts)


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.is_json or request.accept_mimetypes.best == "application/json"


def answer(code: str, facts: dict[str, Any] | None = None, status: int | None = None) -> Response:
    """A problem for programs, a plain page for people."""
    if wants_json():
        return problem(code, facts, status)
    usual, text = PROBLEMS[code]
    page = render_template("problem.html", text=said(text, facts or {}), code=code)
    return _with_headers(current_app.make_response((page, status or usual)), facts or {})


def register(app: Flask) -> None:
    # Flask would log the address of a failed request, and a ticket's address is its holder's key.
    app.logger.disabled = True

    @app.errorhandler(HallError)
    def refusal(error: HallError) -> Response:
        return answer(error.code, error.facts)

    @app.errorhandler(RedisError)
    def outage(error: RedisError) -> Response:
        _log.warning("store away", error=type(error).__name__)
        return answer(StoreAway.code)

    @app.errorhandler(CSRFError)
    def csrf(_: CSRFError) -> Response:
        return answer("BAD_CSRF_TOKEN")

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return current_app.make_response(error.get_response())
        response = answer(_BY_STATUS.get(status, "BAD_REQUEST" if status < 500 else "INTERNAL"), status=status)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(500)
    def internal(_: Exception) -> Response:
        _log.error("internal error", request_id=g.get("request_id"), endpoint=request.endpoint, exc_info=True)
        return answer("INTERNAL")
