-- What waits to be sent, was sent, or could not be. A row holds ids, the rule and the place of the event: the address and
-- the text are made when it is sent.
create table desk.outbox (
    message uuid primary key,
    rule text not null check (rule ~ '^[a-z][a-z_]{0,59}$'),
    recipient_kind text not null check (recipient_kind in ('service', 'organisation', 'person')),
    recipient uuid not null,
    subject text not null check (subject ~ '^[a-z][a-z_]{0,59}$'),
    thing uuid not null,
    service uuid,
    detail text not null check (detail ~ '^[a-z0-9_]{0,60}$'),
    urgent boolean not null,
    stream uuid not null,
    version bigint not null,
    -- of an event about a pupil: the message goes when the pupil's record is erased
    pupil uuid,
    created_at timestamptz not null,
    -- when it is tried next
    due_at timestamptz not null,
    attempts integer not null default 0,
    -- why the last attempt failed, as a code
    problem text check (problem ~ '^[a-z][a-z_]{0,59}$'),
    sent_at timestamptz,
    -- given up: it came back, there is no address, or it could not be sent for too long
    given_up_at timestamptz,
    check (sent_at is null or given_up_at is null)
);
create index outbox_waiting on desk.outbox (due_at) where sent_at is null and given_up_at is null;
create index outbox_recipient on desk.outbox (recipient, created_at);
create index outbox_pupil on desk.outbox (pupil) where pupil is not null;
grant select, insert, update, delete on desk.outbox to cydlynu_append;
