"""The API's description: OpenAPI 3.1, made by the library, with what it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_openapi import OpenAPI

_PROBLEM = "application/problem+json"
_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key repeats the first answer for a day instead of doing it twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
}


class DescribedApp(OpenAPI):
    """A Flask application with a description of its API."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.openapi_version = "3.1.0"
        self._described: dict[str, Any] | None = None

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of our functions is `async`; asking each of them at each request costs more than our own checks."""
        return func

    @property
    def api_doc(self) -> dict[str, Any]:
        if self._described is None:
            document: dict[str, Any] = super().api_doc
            for path in document["paths"].values():
                for method, operation in path.items():
                    _finish(method, operation)
            self._described = document
        return self._described


def _finish(method: str, operation: dict[str, Any]) -> None:
    if method in ("post", "patch", "delete"):
        operation.setdefault("parameters", []).append(_KEY)
    for status, answer in operation["responses"].items():
        if status[0] in "45" and "content" in answer:
            answer["content"] = {_PROBLEM: answer["content"].get("application/json", answer["content"].get(_PROBLEM))}
