"""For the bench only: the least a Socket.IO server can be. Joins whoever asks, emits what it is told to."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request
from flask_socketio import SocketIO, join_room

#: the same as ours, so that the same clients can join
NAMESPACE = "/live"


def create_app() -> Flask:
    app = Flask("bare_live")
    socketio = SocketIO(app, async_mode="gevent", transports=["websocket"], async_handlers=False)

    @socketio.on("join", namespace=NAMESPACE)  # type: ignore[untyped-decorator]  # Flask-SocketIO has no types
    def join(asked: dict[str, str]) -> dict[str, str]:
        join_room(asked["room"])
        return {}

    @app.get("/readyz")
    def ready() -> Response:
        return jsonify(ready=True)

    @app.post("/emit")
    def emit() -> Response:
        """{emits: [[event, payload, room], …]}"""
        asked: list[tuple[str, Any, str]] = request.get_json()["emits"]
        for event, payload, room in asked:
            socketio.emit(event, payload, namespace=NAMESPACE, to=room)
        return jsonify(emitted=len(asked))

    return app
