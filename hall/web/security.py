"""Headers that browsers enforce: nothing from elsewhere, nothing inline, no framing."""

from __future__ import annotations

from flask import Flask, Response, g
from flask.globals import request_ctx

from hall.web.access import open_to_all

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: the API's own page is a library's, with styles and scripts inside
_DOCS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
)


def _page() -> str:
    """A page that talks to something on its own machine says so in `g.connect_to`."""
    others = g.get("connect_to")
    return _POLICY.replace("connect-src 'self'", " ".join(["connect-src 'self'", *others])) if others else _POLICY


def register(app: Flask) -> None:
    """Call after every blueprint: their static files are declared public here."""
    for endpoint in list(app.view_functions):
        if endpoint.rpartition(".")[2] == "static":
            open_to_all(app, endpoint)

    @app.after_request
    def headers(response: Response) -> Response:
        request = request_ctx.request  # flask's own `request` looks for it at every use
        response.headers["Content-Security-Policy"] = _DOCS_POLICY if request.path.startswith("/api/docs") else _page()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint is None or not request.endpoint.endswith("static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
