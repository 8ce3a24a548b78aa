"""An OpenID Connect provider for tests: a real server on a port of this machine, with one user. It checks what a real
one does (client, redirect address, PKCE), and can be told to answer wrongly."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

from webui.account.openid import SIGNED_OUT
from webui.shell.sign_in_settings import ProviderSettings

CLIENT, SECRET = "cydlynu", "the client's secret"
SUBJECT = "248289761001"


class LocalProvider:
    """`wrong` are claims that replace the right ones in the next identity token (None: left out); `key` signs; `amr` is
    how the user has proved who they are."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.issuer = ""
        self.key = self.own_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.wrong: dict[str, Any] = {}
        self.amr = ["pwd"]
        self.state: str | None = None
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def settings(self) -> ProviderSettings:
        """The settings of a service that uses it."""
        return ProviderSettings(issuer=self.issuer, client_id=CLIENT, secret=SECRET, name="Hwb")

    def metadata(self) -> Response:
        return jsonify(
            issuer=self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/keys",
        )

    def keys(self) -> Response:
        return jsonify(keys=[self.own_key.as_dict(private=False)])

    def authorize(self) -> Any:
        """The user is signed in already and agrees at once."""
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "openid"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": self.state or asked["state"]}
        return redirect(f"{asked['redirect_uri']}?{urlencode(back)}")

    def token(self) -> Any:
        """A code is good once, for the client that asked and the browser that began."""
        asked = self.codes.pop(request.form["code"], None)
        right = request.authorization is not None and request.authorization.password == SECRET
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or not right or challenge != asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        assert request.form["redirect_uri"] == asked["redirect_uri"]
        claims = {"nonce": asked["nonce"], "amr": self.amr, "sid": "session-1"}
        return jsonify(access_token="x", token_type="Bearer", id_token=self.signed(claims))

    def signed(self, claims: dict[str, Any]) -> str:
        """A token of the user with the usual claims and these; those of `wrong` instead."""
        at = int(self.now().timestamp())
        usual = {"iss": self.issuer, "aud": CLIENT, "sub": SUBJECT, "iat": at, "exp": at + 300}
        whole = {name: value for name, value in (usual | claims | self.wrong).items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "one"}, whole, self.key)

    def logout_token(self, **claims: Any) -> str:
        """What the provider sends when the user signs out there."""
        usual = {"jti": secrets.token_hex(8), "sid": "session-1", "events": {SIGNED_OUT: {}}}
        return self.signed(usual | claims)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Nothing."""


@contextmanager
def local_provider(now: Callable[[], datetime]) -> Iterator[LocalProvider]:
    """A running provider whose clock is `now`."""
    provider = LocalProvider(now)
    app = Flask("provider")
    app.add_url_rule("/.well-known/openid-configuration", "metadata", provider.metadata)
    app.add_url_rule("/keys", "keys", provider.keys)
    app.add_url_rule("/authorize", "authorize", provider.authorize)
    app.add_url_rule("/token", "token", provider.token, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
