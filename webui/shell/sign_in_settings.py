"""The operator's settings for signing in: required second steps, mail, and an outside provider of sign-ins."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from coordination.authority import ROLES_AT
from coordination.store.secret_settings import secret_setting


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """An OpenID Connect provider, and the client that this service is there. `name` is shown on the sign-in page."""

    issuer: str
    client_id: str
    secret: str
    name: str

    def __repr__(self) -> str:
        return f"ProviderSettings({self.issuer!r})"


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail is handed over (`smtp://`, with STARTTLS where offered, or `smtps://`; a login may stand in the
    address), and from whom it comes."""

    server: str
    sender: str

    def __repr__(self) -> str:
        return f"MailSettings({self.sender!r})"


class SignInSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`totp_roles`: the roles that must have an authenticator app. `public_url`: the address under which people reach
    the service, without a slash at the end; mail and the provider need it."""

    totp_roles: frozenset[str] = frozenset()
    provider: ProviderSettings | None = None
    mail: MailSettings | None = None
    public_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> SignInSettings:
        """Settings from CYDLYNU_TOTP_ROLES (separated by commas), CYDLYNU_PUBLIC_URL; CYDLYNU_SMTP_URL and
        CYDLYNU_MAIL_FROM; CYDLYNU_OIDC_ISSUER, CYDLYNU_OIDC_CLIENT, CYDLYNU_OIDC_SECRET and CYDLYNU_OIDC_NAME; the
        secret, and the address of the mail server, may also be given as a file (..._FILE). Raises ValueError, naming
        the variable, for a value that cannot be used or is missing beside another."""
        public_url = environment.get("CYDLYNU_PUBLIC_URL", "").rstrip("/")
        if public_url and not _is_web_address(public_url):
            raise ValueError("CYDLYNU_PUBLIC_URL must be an address that begins with https:// (or http://).")
        mail, provider = _mail(environment), _provider(environment)
        if (mail or provider) and not public_url:
            raise ValueError("Set CYDLYNU_PUBLIC_URL too: mail and the sign-in provider lead there.")
        return cls(totp_roles=_roles(environment), provider=provider, mail=mail, public_url=public_url)


def _roles(environment: Mapping[str, str]) -> frozenset[str]:
    named = environment.get("CYDLYNU_TOTP_ROLES", "").split(",")
    roles = frozenset(role.strip() for role in named if role.strip())
    unknown = roles - frozenset().union(*ROLES_AT.values())
    if unknown:
        raise ValueError(f"CYDLYNU_TOTP_ROLES names roles that do not exist: {', '.join(sorted(unknown))}.")
    return roles


def _mail(environment: Mapping[str, str]) -> MailSettings | None:
    server, sender = secret_setting(environment, "CYDLYNU_SMTP_URL"), environment.get("CYDLYNU_MAIL_FROM")
    if not server and not sender:
        return None
    if not server or urlsplit(server).scheme not in ("smtp", "smtps") or not urlsplit(server).hostname:
        raise ValueError("CYDLYNU_SMTP_URL must be an address such as smtp://mail.example:587.")
    if not sender or "@" not in sender:
        raise ValueError("CYDLYNU_MAIL_FROM must be the mail address that mail comes from.")
    return MailSettings(server=server, sender=sender)


def _provider(environment: Mapping[str, str]) -> ProviderSettings | None:
    issuer = environment.get("CYDLYNU_OIDC_ISSUER")
    if not issuer:
        return None
    client, secret = (
        environment.get("CYDLYNU_OIDC_CLIENT"),
        secret_setting(environment, "CYDLYNU_OIDC_SECRET"),
    )
    if not client or not secret:
        raise ValueError("CYDLYNU_OIDC_ISSUER needs CYDLYNU_OIDC_CLIENT and CYDLYNU_OIDC_SECRET_FILE too.")
    if not _is_web_address(issuer):
        raise ValueError("CYDLYNU_OIDC_ISSUER must be an address that begins with https:// (or http://).")
    name = environment.get("CYDLYNU_OIDC_NAME") or urlsplit(issuer).hostname or issuer
    return ProviderSettings(issuer=issuer, client_id=client, secret=secret, name=name)


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("https", "http") and bool(parts.hostname)
