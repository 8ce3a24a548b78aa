-- Programs of an organisation: their tokens, how often each was used, and what was asked under which key.
-- The reading role has nothing here.

-- The program holds the token; this table holds only its SHA-256. A row stays when its token is revoked: `token` is
-- who recorded what came in through it.
create table desk.token (
    token uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    organisation uuid not null,
    role text not null check (role ~ '^[a-z][a-z_]{0,39}$'),
    label text not null check (length(label) between 1 and 100),
    scopes text[] not null check (cardinality(scopes) > 0),
    created_at timestamptz not null,
    created_by uuid not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz
);
create index token_organisation on desk.token (organisation);

-- How many requests a token made in the window that began then.
create table desk.token_use (
    token uuid primary key references desk.token,
    began_at timestamptz not null,
    requests integer not null
);

-- What was asked under an Idempotency-Key, as keyed hashes, and the ids with which it was answered (null: not yet).
create table desk.keyed_request (
    organisation uuid not null,
    key_hash bytea not null check (length(key_hash) = 32),
    request_hash bytea not null check (length(request_hash) = 32),
    at timestamptz not null,
    status smallint,
    answer jsonb,
    primary key (organisation, key_hash)
);
create index keyed_request_at on desk.keyed_request (at);

grant select, insert, update on desk.token, desk.token_use to cydlynu_append;
grant select, insert, update, delete on desk.keyed_request to cydlynu_append;
