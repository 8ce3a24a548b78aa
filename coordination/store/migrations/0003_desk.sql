-- What replay cannot restore: who may sign in, who is signed in, who tried, who read what.
-- The reading role has nothing here.

create table desk.account (
    account uuid primary key,
    person uuid not null,
    organisation uuid not null,
    role text not null check (role ~ '^[a-z][a-z_]{0,39}$'),
    -- as typed, without capitals and in one normal form; the sign-in page does the same to what it is given
    username text not null unique check (length(username) between 1 and 100),
    display_name text not null check (length(display_name) between 1 and 200),
    password_hash text not null,
    language text not null check (language in ('en', 'cy')),
    created_at timestamptz not null,
    disabled_at timestamptz
);
create index account_organisation on desk.account (organisation);

-- The browser holds the token; this table holds only its SHA-256.
create table desk.session (
    token_hash bytea primary key check (length(token_hash) = 32),
    account uuid not null references desk.account,
    csrf text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_account on desk.session (account);
create index session_expires on desk.session (expires_at);

-- Keyed hashes only: a username field now and then gets a password typed into it, and an address is personal.
create table desk.sign_in_attempt (
    attempt uuid primary key,
    username_key bytea not null,
    address_key bytea not null,
    at timestamptz not null,
    succeeded boolean not null default false
);
create index sign_in_attempt_username on desk.sign_in_attempt (username_key, at);
create index sign_in_attempt_address on desk.sign_in_attempt (address_key, at);
create index sign_in_attempt_at on desk.sign_in_attempt (at);

-- Reads and searches are logged as well as writes. A search is logged by its kind, never by its words.
create table desk.read_log (
    entry bigint generated always as identity primary key,
    person uuid not null,
    organisation uuid not null,
    role text not null,
    kind text not null check (kind ~ '^[a-z][a-z_]{0,59}$'),
    ids uuid[] not null,
    at timestamptz not null,
    purpose text not null check (purpose ~ '^[a-z][a-z_]{0,59}$')
);
create index read_log_ids on desk.read_log using gin (ids);
create index read_log_person on desk.read_log (person, at);

-- Fictional people of the demonstration county, shown on the front page. Empty everywhere else.
create table desk.demonstration_sign_in (
    position smallint primary key,
    role text not null,
    username text not null,
    password text not null,
    language text not null check (language in ('en', 'cy'))
);

grant usage on schema desk to cydlynu_append;
grant select, insert, update on desk.account to cydlynu_append;
grant select, insert, update, delete on desk.session, desk.sign_in_attempt to cydlynu_append;
grant select, insert on desk.read_log to cydlynu_append;
grant select, insert, delete on desk.demonstration_sign_in to cydlynu_append;
