"""For the bench only: the real application and, beside it in the same server, bare Flask routes."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

import app
from bench.moves import BareMoves
from hall.settings import Settings
from hall.store.connect import connect

# About the least a move can be: the next number, and a line in a journal.
_SCRIPT = """
local number = redis.call('INCR', KEYS[1] .. ':number')
redis.call('XADD', KEYS[1] .. ':journal', '*', 'e', ARGV[1])
return number
"""


def yardsticks(settings: Settings) -> Flask:
    bare = Flask("yardsticks")
    script = connect(settings.redis_url or "", retries=False).register_script(_SCRIPT)
    moves = BareMoves(settings)

    @bare.post("/yardstick/json")
    def answer() -> Response:
        return jsonify(number="A001", state="waiting")

    @bare.post("/yardstick/script")
    def one_script() -> Response:
        number = script(keys=["{yardstick}"], args=['{"kind": "issued"}'])
        return jsonify(number=f"A{number}", state="waiting")

    @bare.post("/yardstick/move/<name>/<int:place>")
    def one_move(name: str, place: int) -> Response:
        ticket = moves.run(name, place, request.headers.get("Idempotency-Key"))
        return jsonify(number=ticket["number"], state=ticket["state"])

    return bare


def create_app() -> Any:
    real = app.create_app()
    bare = yardsticks(Settings.load())

    def either(environ: dict[str, Any], start: Any) -> Any:
        chosen = bare if environ["PATH_INFO"].startswith("/yardstick/") else real
        return chosen.wsgi_app(environ, start)

    return either
