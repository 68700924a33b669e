"""A provider of OpenID Connect as a process: python -m tests.system.provider PORT.

oidc-provider-mock (built on Authlib's server) does the protocol: discovery, codes, signed identities. Around it stands
what a test needs: it wants PKCE from everybody, counts what it was asked, and lies when told to (PUT /lie/<what>)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
from flask import Flask, Response, g, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from tests.system.lies import LIES, SECRET, Claims

#: signs what the provider never signed
_THIEF = RSAKey.generate_key(2048)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unsigned(claims: Claims) -> str:
    head = {"alg": "none", "typ": "JWT"}
    return ".".join(_b64(json.dumps(part).encode()) for part in (head, claims)) + "."


def _signed(lie: str, claims: Claims) -> str:
    """The identity as the lie wants it; `our secret`: signed with what the client knows too."""
    if lie == "unsigned":
        return _unsigned(claims)
    own = RSAKey.import_key(g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
    if lie == "our secret":
        return jwt.encode({"alg": "HS256", "kid": own.kid}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
    key = _THIEF if lie == "signature" else own
    return jwt.encode({"alg": "RS256", "kid": own.kid}, claims, key)


def make() -> Flask:
    app: Flask = oidc_provider_mock.app(require_nonce=True, issue_refresh_token=False)
    state: dict[str, str] = {"lie": "nothing"}
    seen: list[str] = []
    challenges: dict[str, str | None] = {}

    @app.put("/lie/<what>")
    def lie(what: str) -> Response:
        state["lie"] = what if what in LIES or what in ("metadata", "down") else "nothing"
        return jsonify(state["lie"])

    @app.get("/asked")
    def asked() -> Response:
        return jsonify(seen)

    @app.before_request
    def watch() -> Response | None:
        if request.path.startswith(("/lie", "/asked")):
            return None
        seen.append(request.path)
        if state["lie"] == "down":
            return Response("gone", 503)
        if request.path == "/oauth2/authorize" and request.args.get("code_challenge_method") != "S256":
            return Response("no PKCE", 400)
        if request.path == "/oauth2/token":
            verifier = request.form.get("code_verifier", "").encode()
            wanted = challenges.pop(request.form.get("code", ""), None)
            if wanted != _b64(hashlib.sha256(verifier).digest()):
                return Response('{"error": "invalid_grant"}', 400, content_type="application/json")
        return None

    @app.after_request
    def lying(response: Response) -> Response:
        if request.path == "/oauth2/authorize" and "code=" in response.headers.get("Location", ""):
            code = parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
            challenges[code] = request.args.get("code_challenge")
        if request.path == "/.well-known/openid-configuration" and state["lie"] == "metadata":
            response.set_data(json.dumps({**response.get_json(), "issuer": "https://evil.example"}))
        if request.path == "/.well-known/openid-configuration" and state["lie"] in ("unsigned", "our secret"):
            weak = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
            response.set_data(json.dumps({**response.get_json(), **weak}))
        if request.path == "/oauth2/token" and response.status_code == 200 and state["lie"] != "nothing":
            _lie(state["lie"], response)
        return response

    return app


def _lie(lie: str, response: Response) -> None:
    token = response.get_json()
    payload = token["id_token"].split(".")[1]
    claims = LIES[lie](json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
    token["id_token"] = _signed(lie, claims)
    if lie == "no identity":
        del token["id_token"]
    response.set_data(json.dumps(token))


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on this machine
    make_server("localhost", int(sys.argv[1]), make(), threaded=True).serve_forever()
