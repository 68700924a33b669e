"""Headers that browsers enforce: nothing from elsewhere, nothing inline, no framing, no window of another site."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from flask import Flask, Response, g
from flask.globals import request_ctx

from hall.web.access import open_to_all

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: what our pages use of a browser; everything else that has a name is refused
_PERMISSIONS = (
    "geolocation=(self), screen-wake-lock=(self), autoplay=(self), accelerometer=(), camera=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": _PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # for browsers that do not know frame-ancestors
    "X-Frame-Options": "DENY",
}
_DOCS = ("swagger.swagger", "swagger.oauth2-redirect")
_YEAR = 365 * 24 * 3600
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


def _page() -> str:
    """A page that talks to something on its own machine says so in `g.connect_to`."""
    others = g.get("connect_to")
    return _POLICY.replace("connect-src 'self'", " ".join(["connect-src 'self'", *others])) if others else _POLICY


def _docs_policy(body: bytes) -> str:
    """The API's own page is a library's, with a script and a style inside: exactly those may run."""
    sources: dict[str, str] = {"script": "", "style": ""}
    for kind, text in _INLINE.findall(body):
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
        sources[kind.decode()] += f" 'sha256-{digest}'"
    policy = _POLICY
    for kind, more in sources.items():
        policy = policy.replace(f"{kind}-src 'self'", f"{kind}-src 'self'{more}")
    return policy


def known_hosts(public_url: str | None, bind: str) -> list[str] | None:
    """The names that requests may use once the installation has one of its own; None: any."""
    host = urlsplit(public_url or "").hostname
    return [host, bind.rpartition(":")[0], "localhost", "127.0.0.1", "[::1]"] if host else None


def register(app: Flask, https: bool) -> None:
    """Call after every blueprint: their static files are declared public here."""
    for endpoint in list(app.view_functions):
        if endpoint.rpartition(".")[2] == "static":
            open_to_all(app, endpoint)

    @app.after_request
    def headers(response: Response) -> Response:
        request = request_ctx.request  # flask's own `request` looks for it at every use
        is_docs = request.endpoint in _DOCS
        response.headers["Content-Security-Policy"] = _docs_policy(response.get_data()) if is_docs else _page()
        response.headers.update(_HEADERS)
        if https:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint is None or not request.endpoint.endswith("static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
