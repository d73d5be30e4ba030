"""A small OpenID Connect provider on a port of its own: it knows one person, signs what it says, and redirects."""

from __future__ import annotations

import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "throughline", "a-secret-of-the-provider"


class Provider:
    """``says`` are the claims about whoever signs in; ``error`` is given back instead of a code."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}
        self.error = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.url = ""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def config(self, request: Request) -> Response:
        return JSONResponse({
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo", "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        })  # fmt: skip

    def keys(self, request: Request) -> Response:
        found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return JSONResponse({"keys": [{**found, "kid": "k", "use": "sig", "alg": "RS256"}]})

    def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code" and asked["code_challenge"]
        if self.error:
            found = {"error": self.error, "state": asked["state"]}
        else:
            code = secrets.token_hex(8)
            self.codes[code] = asked
            found = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(found)}", 302)

    async def token(self, request: Request) -> Response:
        import base64

        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        name, _, secret = base64.b64decode(request.headers["authorization"].split()[1]).decode().partition(":")
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        right = (name, secret) == (CLIENT, SECRET) and asked and asked["code_challenge"] == challenge
        if not right or asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, **self.says}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k"})
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "id_token": signed, "expires_in": 60})

    def userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer at"
        return JSONResponse(self.says)

    @contextmanager
    def running(self, port: int) -> Iterator[Provider]:
        self.url = f"http://127.0.0.1:{port}"
        routes = [
            Route("/.well-known/openid-configuration", self.config), Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]), Route("/userinfo", self.userinfo), Route("/keys", self.keys),
        ]  # fmt: skip
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), "127.0.0.1", port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield self
        server.should_exit = True
        thread.join(5)
