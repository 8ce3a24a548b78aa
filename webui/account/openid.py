"""An OpenID Connect provider: where it is, sending people there, and checking what comes back.

Authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0; RFC 7636), and the tokens of Back-Channel Logout
1.0. Only signatures with a public key are accepted.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import msgspec
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from coordination.desk.provider_subjects import ProvidedIdentity
from webui.shell.sign_in_settings import ProviderSettings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"]
TIMEOUT = 5  # seconds for each request to the provider
KEPT = 600  # seconds that its metadata and keys are kept
SPARING = 60  # seconds before its keys are asked for again because of a key that is not known
AWAY = 10  # seconds that it is not asked again after it could not be reached: each try may hold a request for long
LEEWAY = 60  # seconds that its clock may differ
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"


class ProviderFailed(Exception):
    """The provider cannot be reached, or what it says cannot be accepted; the text says which check failed, and holds
    nothing of what it said."""


class AuthorisationRequest(msgspec.Struct, frozen=True):
    """What a browser takes with it to the provider, and must come back with."""

    state: str
    nonce: str
    verifier: str


class ProvidedDocuments(msgspec.Struct, frozen=True):
    """The provider's metadata and keys, and when they were fetched."""

    metadata: dict[str, Any]
    keys: KeySet
    at: float


class Provider:
    """One provider for one process. Safe to share between threads."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._held: ProvidedDocuments | None = None
        self._away_until = 0.0

    def address(self, asked: AuthorisationRequest, back: str) -> str:
        """The address at the provider to which the browser goes; `back` is ours, to which it returns. Raises
        ProviderFailed."""
        metadata = self._documents().metadata
        address, _state = self._client(back).create_authorization_url(
            metadata["authorization_endpoint"],
            state=asked.state,
            nonce=asked.nonce,
            code_verifier=asked.verifier,
        )
        return str(address)

    def redeem(self, code: str, asked: AuthorisationRequest, back: str, now: int) -> ProvidedIdentity:
        """Who came back with this code. Raises ProviderFailed when any check fails: signature, issuer, audience, nonce,
        expiry."""
        metadata = self._documents().metadata
        try:
            answer = self._client(back).fetch_token(
                metadata["token_endpoint"], code=code, code_verifier=asked.verifier
            )
        except (AuthlibBaseError, requests.RequestException, ValueError) as wrong:
            raise ProviderFailed("the code was not accepted") from wrong
        claims = self._claims(str(answer.get("id_token", "")))
        self._check_id_token(claims, asked.nonce, now)
        session = claims.get("sid")
        return ProvidedIdentity(
            issuer=self.settings.issuer,
            subject=_subject(claims),
            provider_session=session if isinstance(session, str) else None,
            second_factor="mfa" in _listed(claims.get("amr")),
        )

    def signed_out(self, logout_token: str, now: int) -> tuple[str | None, str | None]:
        """The subject and the provider's session that a logout token ends; at least one is given. Raises
        ProviderFailed."""
        claims = self._claims(logout_token)
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            iat={"essential": True},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as wrong:
            raise ProviderFailed(f"the logout token was refused: {wrong.error}") from wrong
        events = claims.get("events")
        if not isinstance(events, dict) or SIGNED_OUT not in events or "nonce" in claims:
            raise ProviderFailed("it is no logout token")
        subject, session = claims.get("sub"), claims.get("sid")
        subject = subject if isinstance(subject, str) else None
        session = session if isinstance(session, str) else None
        if subject is None and session is None:
            raise ProviderFailed("the logout token names nobody")
        return subject, session

    def _check_id_token(self, claims: dict[str, Any], nonce: str, now: int) -> None:
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self.settings.client_id}
        try:
            CodeIDToken(claims, {}, options, params).validate(now=now, leeway=LEEWAY)
        except (JoseError, AuthlibBaseError) as wrong:
            raise ProviderFailed(f"the identity token was refused: {wrong.error}") from wrong

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of a token with a good signature. A key that is not known is asked for once more, sparingly."""
        for keys in (self._documents().keys, None):
            try:
                found = jwt.decode(token, keys or self._documents(again=True).keys, ALGORITHMS)
                return dict(found.claims)
            except (JoseError, ValueError, TypeError) as wrong:
                if keys is None:
                    raise ProviderFailed("the signature was refused") from wrong
        raise ProviderFailed("the signature was refused")

    def _client(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )

    def _documents(self, *, again: bool = False) -> ProvidedDocuments:
        with self._lock:
            held, now = self._held, time.monotonic()
            if held is None or now - held.at > (SPARING if again else KEPT):
                if now < self._away_until:
                    raise ProviderFailed("the provider could not be reached a moment ago")
                self._away_until = now + AWAY
                held = self._held = self._fetched(now)
                self._away_until = 0.0
            return held

    def _fetched(self, now: float) -> ProvidedDocuments:
        issuer = self.settings.issuer
        try:
            metadata = _json(issuer.rstrip("/") + "/.well-known/openid-configuration")
            if metadata.get("issuer") != issuer:
                raise ProviderFailed("the provider names another issuer")
            keys = KeySet.import_key_set(_json(metadata["jwks_uri"]))  # type: ignore[arg-type]
            for needed in ("authorization_endpoint", "token_endpoint"):
                metadata[needed]
        except (requests.RequestException, JoseError, KeyError, ValueError, TypeError) as wrong:
            raise ProviderFailed("the provider cannot be reached") from wrong
        return ProvidedDocuments(metadata, keys, now)


def _json(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _subject(claims: dict[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderFailed("the identity token names nobody")
    return subject


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
