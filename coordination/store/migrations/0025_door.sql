-- Sessions that can be told apart and ended; attempts from browsers that are known; links that set a new password;
-- second steps; accounts at an outside provider of sign-ins.

-- `browser` is the kind of browser and system in a few words. `second_factor` is what was asked besides the password
-- (null: nothing). `issuer` and `provider_session` are of the provider through which the session began.
alter table desk.session
    add column session uuid not null default gen_random_uuid() unique,
    add column browser text check (browser ~ '^[A-Za-z ,]{1,60}$'),
    add column second_factor text check (second_factor in ('code', 'provider')),
    add column issuer text,
    add column provider_session text;
create index session_issuer on desk.session (issuer, provider_session) where issuer is not null;

-- Of a browser that has signed in to this account before: a keyed hash. It is counted apart from strangers.
alter table desk.sign_in_attempt add column device_key bytea;
create index sign_in_attempt_device on desk.sign_in_attempt (device_key, at) where device_key is not null;

-- A link with which the owner of an account sets a new password, once. Without `made_by` it was asked for by mail.
create table desk.reset_link (
    link_hash bytea primary key check (length(link_hash) = 32),
    account uuid not null references desk.account,
    made_at timestamptz not null,
    made_by uuid,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index reset_link_account on desk.reset_link (account);

-- Who asked for a link by mail, until the worker has sent it. A row is written for an unknown name too (`account` is
-- null then), so that the answer and its time tell nothing.
create table desk.reset_request (
    request uuid primary key,
    account uuid references desk.account,
    at timestamptz not null
);

-- The secret of an authenticator app, sealed under a key of its own that the outer keys wrap. `last_step` is the last
-- period of thirty seconds whose code was accepted: none of it or before is accepted again.
create table desk.authenticator (
    account uuid primary key references desk.account,
    wrapped bytea not null,
    wrapped_by text not null,
    sealed bytea not null,
    added_at timestamptz not null,
    last_step bigint not null
);

-- Codes for a lost authenticator, each good once: SHA-256 of 80 random bits.
create table desk.recovery_code (
    account uuid not null references desk.account,
    code_hash bytea not null check (length(code_hash) = 32),
    used_at timestamptz,
    primary key (account, code_hash)
);

-- A sign-in whose password (or provider) was right and whose code is still to come.
create table desk.pending_sign_in (
    token_hash bytea primary key check (length(token_hash) = 32),
    account uuid not null references desk.account,
    expires_at timestamptz not null,
    issuer text,
    provider_session text
);
create index pending_sign_in_expires on desk.pending_sign_in (expires_at);

-- The name that an outside provider has for the owner of an account.
create table desk.provider_subject (
    issuer text not null,
    subject text not null check (length(subject) between 1 and 255),
    account uuid not null references desk.account,
    linked_at timestamptz not null,
    primary key (issuer, subject),
    unique (issuer, account)
);

grant select, insert, update, delete on desk.reset_link, desk.reset_request to cydlynu_append;
grant select, insert, update, delete on desk.authenticator, desk.recovery_code to cydlynu_append;
grant select, insert, update, delete on desk.pending_sign_in, desk.provider_subject to cydlynu_append;
