"""Who really asks, when a proxy of ours passes it on. Headers of anybody else are not believed."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from hall.settings import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: what only a proxy may say
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class Proxies:
    """Outermost: sets REMOTE_ADDR and the scheme from what trusted proxies say, and forgets what others do."""

    def __init__(self, app: WSGIApplication, trusted: tuple[Network, ...]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said = {name: environ.pop(name, "") for name in _FORWARDED}
        if self._trusted and self._is_proxy(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._address(environ["REMOTE_ADDR"], said["HTTP_X_FORWARDED_FOR"])
            scheme = said["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _address(self, nearest: str, chain: str) -> str:
        """The first address from the right that is no proxy: what stands before it, anybody may have written."""
        for one in reversed([part.strip() for part in chain.split(",")]):
            try:
                ip_address(one)
            except ValueError:
                return nearest
            nearest = one
            if not self._is_proxy(one):
                return one
        return nearest

    def _is_proxy(self, address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self._trusted)
