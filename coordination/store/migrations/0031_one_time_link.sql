-- One-time links: with them people without an account answer, after a second proof. Whoever holds a link holds 256 random
-- bits; this table holds only their SHA-256. A row stays when its link is over: `link` is who answered.
create table desk.one_time_link (
    link uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    -- what it opens: the kind of page, and the thing (a referral, a meeting, a challenge, an agreement)
    kind text not null check (kind ~ '^[a-z][a-z_]{0,59}$'),
    thing uuid not null,
    -- the pupil's stream where the thing is on one
    pupil uuid,
    -- for whom it is: a service of an agency, a contact of a pupil, or the young person (then the pupil's id)
    audience_kind text not null check (audience_kind in ('service', 'contact', 'young_person')),
    audience uuid not null,
    -- in whose name it is answered: the agency of the service; a school for a family
    organisation uuid not null,
    -- the school that made it or for which it was sent
    school uuid,
    -- null: made by the service itself when it sent the message
    made_by uuid,
    message uuid,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid,
    -- when the last answer was given that it can give
    used_at timestamptz,
    check (expires_at > made_at)
);
create index one_time_link_thing on desk.one_time_link (thing);
create index one_time_link_audience on desk.one_time_link (audience, made_at);
create index one_time_link_pupil on desk.one_time_link (pupil) where pupil is not null;
grant select, insert, update, delete on desk.one_time_link to cydlynu_append;

-- The second proof: a code sent to the registered mailbox, or a PIN that the school says on the telephone. The hash is
-- keyed outside the database, and missing until the message with the code is made.
create table desk.link_code (
    code uuid primary key,
    link uuid not null references desk.one_time_link on delete cascade,
    audience uuid not null,
    how text not null check (how in ('mail', 'voice')),
    -- of a PIN: who made it, and the school whose links it opens
    made_by uuid,
    school uuid,
    asked_at timestamptz not null,
    digest bytea check (length(digest) = 32),
    expires_at timestamptz,
    tries integer not null default 0,
    used_at timestamptz
);
create index link_code_audience on desk.link_code (audience, asked_at);
grant select, insert, update, delete on desk.link_code to cydlynu_append;

-- Browsers in which the second proof was given, and to whom: not sessions of accounts.
create table desk.link_session (
    token_hash bytea not null check (length(token_hash) = 32),
    audience uuid not null,
    -- opened by a PIN: only the links of the school that made it
    school uuid,
    how text not null check (how in ('mail', 'voice')),
    made_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (token_hash, audience)
);
create index link_session_expires on desk.link_session (expires_at);
grant select, insert, update, delete on desk.link_session to cydlynu_append;

-- People who answer by a link and have no account.
alter table desk.outbox drop constraint outbox_recipient_kind_check;
alter table desk.outbox add constraint outbox_recipient_kind_check
    check (recipient_kind in ('service', 'organisation', 'person', 'contact', 'young_person'));

-- Links to confirm reported steps were one kind of these. Theirs open what the others open, with a second proof.
insert into desk.one_time_link (link, token_hash, kind, thing, pupil, audience_kind, audience, organisation, school,
                                made_by, made_at, expires_at, revoked_at, used_at)
select link, token_hash, 'referral', referral, pupil, 'service', agency, agency, school, made_by, made_at, expires_at,
       -- the service was not recorded: such a link cannot be proved any more, and says so as every other that is over
       coalesce(revoked_at, case when used_at is null then made_at end), used_at
from desk.answer_link;
drop table desk.answer_link;
