"""The tokens with which an organisation's own systems use the API. A program holds one, the database its hash."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow, tuple_row

from coordination.authority import SERVICE_MANAGER
from coordination.calendars import local_date
from coordination.desk.co_signing import STOPS
from coordination.directory.organisation import Organisation
from coordination.directory.sight import Sight, with_inherited
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal
from coordination.permissions import SCOPE_THINGS

# A prefix, so that a token can be recognised in an email or a log.
PREFIX = "cyd_"
LONGEST_LABEL = 100
LONGEST = 730
"""Days for which a token may be made out at most."""
USUAL = 365
TOUCH = timedelta(minutes=1)
"""How stale `last_used_at` may get before it is written again."""

SCOPES = tuple(SCOPE_THINGS)
"""What a token may be allowed. Beside it, it may never do more than the role of its organisation's kind."""

ROLES = {"school": "alnco", "agency": "clinician", "authority": "auditor"}
"""In which role a token acts, by the kind of its organisation; of an authority's own services, as their manager."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret. `token` is the id of the person recorded for what it does. `waiting`: it is not
    co-signed yet, or was declined, and does not work. `services`: those of an agency for which it acts; empty: the
    whole agency, because somebody said so; None: of a school or an authority, or made before tokens were for a service,
    for the whole agency."""

    token: UUID
    organisation: UUID
    role: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: UUID
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    waiting: bool = False
    services: tuple[UUID, ...] | None = None


class TokenUse(msgspec.Struct, frozen=True):
    """A token's use in its current window: `requests` made in it, this one included; it ends at `ends_at`."""

    requests: int
    ends_at: datetime


def create_token(
    conn: Connection,
    *,
    token: UUID,
    secret: str,
    organisation: Organisation | None,
    scopes: Iterable[str],
    label: str,
    created_by: UUID,
    now: datetime,
    days: int = USUAL,
    services: Iterable[UUID] = (),
    whole_agency: bool = False,
) -> tuple[Token, str]:
    """Create a token for `days` calendar days; the token, and the text for the program, which is shown once.

    `token` is a fresh random id, `secret` 256 fresh random bits as text. Raises Refusal `unknown_organisation`,
    `unknown_scope`, `cannot_be_empty` (scopes, label), `too_long` (label), `out_of_range` (days); for an agency
    `service_not_said`, `service_or_whole_agency` and `service_not_of_agency`.
    """
    if organisation is None or organisation.kind not in ROLES:
        raise Refusal("unknown_organisation", "organisation")
    wanted = set(scopes)
    if not wanted:
        raise Refusal("cannot_be_empty", "scopes")
    if wanted - set(SCOPES):
        raise Refusal("unknown_scope", "scopes")
    if not 1 <= days <= LONGEST:
        raise Refusal("out_of_range", "days")
    bound = _bound(organisation, tuple(dict.fromkeys(services)), whole_agency, local_date(now))
    made = Token(
        token=token,
        organisation=organisation.id,
        role=_role(organisation, bound),
        label=_label(label),
        scopes=tuple(scope for scope in SCOPES if scope in wanted),
        created_at=now,
        created_by=created_by,
        expires_at=now + timedelta(days=days),
        services=bound,
    )
    held = PREFIX + secret
    conn.execute(
        """insert into desk.token (token, token_hash, organisation, role, label, scopes, created_at, created_by,
                                   expires_at, services)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::uuid[])""",
        (
            made.token,
            _hash(held),
            made.organisation,
            made.role,
            made.label,
            list(made.scopes),
            now,
            created_by,
            made.expires_at,
            None if made.services is None else list(made.services),
        ),
    )
    return made, held


def _role(organisation: Organisation, bound: tuple[UUID, ...] | None) -> str:
    """In which role a token acts: see ROLES."""
    return SERVICE_MANAGER if organisation.kind == "authority" and bound else ROLES[organisation.kind]


def _bound(
    organisation: Organisation, services: tuple[UUID, ...], whole_agency: bool, on: date
) -> tuple[UUID, ...] | None:
    """The services that a new token is for; see `Token`. An agency with one open service needs none named."""
    if organisation.kind != "agency":
        own_bases = organisation.kind == "authority" and set(services) <= set(organisation.services)
        if whole_agency or (services and not own_bases):
            raise Refusal("service_not_of_agency", "services")
        return services or None
    if services and whole_agency:
        raise Refusal("service_or_whole_agency", "services")
    if whole_agency:
        return ()
    own = {s.id: s for s in organisation.services.values() if not s.moved_to}
    open_now = [s.id for s in own.values() if s.is_open(on)]
    if not services and len(open_now) == 1:
        return tuple(open_now)
    if not services:
        raise Refusal("service_not_said", "services")
    if not set(services) <= set(own):
        raise Refusal("service_not_of_agency", "services")
    return services


def sight_of_token(token: Token, directory: Directory, on: date) -> Sight:
    """For which services of its agency a token looks and acts on a day."""
    if not token.services:
        return Sight(whole_agency=True)
    return Sight(with_inherited(directory, token.services, on))


def _label(typed: str) -> str:
    label = " ".join(unicodedata.normalize("NFC", typed).split())
    if not label:
        raise Refusal("cannot_be_empty", "label")
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Refusal("label_too_long", "label", most=LONGEST_LABEL)
    return label


def revoke_token(conn: Connection, token: UUID, *, now: datetime, organisation: UUID | None = None) -> None:
    """Revoke a token from now on; a revoked token is left unchanged. `organisation` restricts this to its own tokens.
    Raises NotFound."""
    found = conn.execute(
        """update desk.token set revoked_at = coalesce(revoked_at, %s)
           where token = %s and (%s::uuid is null or organisation = %s)""",
        (now, token, organisation, organisation),
    )
    if found.rowcount == 0:
        raise NotFound


def tokens_of(conn: Connection, organisation: UUID | None = None) -> list[Token]:
    """The tokens of an organisation (None: of all), the newest first, including expired and revoked ones."""
    wanted = "%s::uuid is null or organisation = %s order by created_at desc, token"
    sql = f"select {_COLUMNS}, {_STOPPED} from desk.token where {wanted}"  # noqa: S608 - columns
    with conn.cursor(row_factory=tuple_row) as cursor:
        return [_token(row) for row in cursor.execute(sql, (organisation, organisation))]


def tokens_among(conn: Connection, ids: Iterable[UUID]) -> set[UUID]:
    """Those of some ids that are tokens, valid or not."""
    found = conn.execute("select token from desk.token where token = any(%s)", (list(ids),)).fetchall()
    return {row[0] for row in found}


def use_token(conn: Connection, held: str, now: datetime) -> Token | None:
    """The token that a program holds, valid or not, with its last use updated; None when there is none."""
    if not held.startswith(PREFIX) or len(held) > 200:
        return None
    hashed = _hash(held)
    sql = f"select token_hash, {_COLUMNS}, {_STOPPED} from desk.token where token_hash = %s"  # noqa: S608 - columns
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (hashed,)).fetchone()
    # an index look-up is not constant-time, but reveals only hashes of guesses; this comparison decides
    if row is None or not hmac.compare_digest(bytes(row[0]), hashed):
        return None
    found = _token(row[1:])
    if found.last_used_at is None or now >= found.last_used_at + TOUCH:
        conn.execute("update desk.token set last_used_at = %s where token = %s", (now, found.token))
    return found


def count_use(conn: Connection, token: UUID, *, now: datetime, window: timedelta) -> TokenUse:
    """Count a request of a token in its window, which begins with the first request after the last one ended."""
    row = conn.execute(
        """insert into desk.token_use as used (token, began_at, requests) values (%(token)s, %(now)s, 1)
           on conflict (token) do update set
               began_at = case when used.began_at + %(window)s <= %(now)s then %(now)s else used.began_at end,
               requests = case when used.began_at + %(window)s <= %(now)s then 1 else used.requests + 1 end
           returning requests, began_at + %(window)s""",
        {"token": token, "now": now, "window": window},
    ).fetchone()
    requests, ends_at = row if row else (1, now + window)
    return TokenUse(requests, ends_at)


_COLUMNS = (
    "token, organisation, role, label, scopes, created_at, created_by, expires_at, revoked_at, last_used_at,"
    " services"
)


_STOPPED = STOPS.format(
    kind="token", subject="token.token", organisation="token.organisation", role="token.role"
)


def _token(row: TupleRow) -> Token:
    names = [*_COLUMNS.split(", "), "waiting"]
    fields = dict(zip(names, row, strict=True))
    services = fields["services"]
    return Token(
        **fields
        | {"scopes": tuple(fields["scopes"]), "services": None if services is None else tuple(services)}
    )


def _hash(held: str) -> bytes:
    # 256 random bits: a plain hash is enough, nothing can be guessed
    return hashlib.sha256(held.encode()).digest()
