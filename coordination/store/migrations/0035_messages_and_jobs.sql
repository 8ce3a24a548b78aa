-- Messages: choices, digests, bounces, webhooks, reminders. Jobs of the worker: each once for each of its times.

-- `parent`: the message to an organisation without a mailbox that was passed on to the people who coordinate there.
-- `digest_at`: it is part of the digest of that instant. `ending`: it is not sent, and why. `hooked_at`: webhooks that
-- want it were looked for.
alter table desk.outbox
    add column parent uuid,
    add column digest_at timestamptz,
    add column bounced_at timestamptz,
    add column ending text check (ending in ('passed_on', 'not_wanted', 'answered')),
    add column hooked_at timestamptz,
    add check (bounced_at is null or sent_at is not null),
    add check (ending is null or (sent_at is null and given_up_at is null));
-- those of before this version: webhooks begin with what comes
update desk.outbox set hooked_at = created_at;
drop index desk.outbox_waiting;
create index outbox_waiting on desk.outbox (due_at)
    where sent_at is null and given_up_at is null and ending is null;
create index outbox_thing on desk.outbox (thing);
create index outbox_not_hooked on desk.outbox (created_at) where hooked_at is null;
create index outbox_trouble on desk.outbox (recipient) where given_up_at is not null or bounced_at is not null;

-- What a person, or a mailbox (by the id of its service or organisation), wants of a kind of message.
create table desk.message_choice (
    recipient uuid not null,
    kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
    choice text not null check (choice in ('at_once', 'daily', 'not')),
    primary key (recipient, kind)
);
-- Hours of the day in Wales at which nothing is sent to a person that can wait.
create table desk.quiet_hours (
    recipient uuid primary key,
    quiet_from smallint not null check (quiet_from between 0 and 23),
    quiet_until smallint not null check (quiet_until between 0 and 23),
    check (quiet_from <> quiet_until)
);
-- Links in digests with which they are stopped: the mail holds the secret, this table its SHA-256.
create table desk.digest_stop (
    secret_hash bytea primary key check (length(secret_hash) = 32),
    recipient uuid not null,
    made_at timestamptz not null
);
create index digest_stop_made on desk.digest_stop (made_at);

-- A reminder that somebody sent by hand: the scheduled one of the next days is left out.
create table desk.reminder (
    thing uuid not null,
    rule text not null check (rule ~ '^[a-z][a-z_]{0,59}$'),
    recipient uuid not null,
    pupil uuid,
    sent_on date not null,
    sent_by uuid not null,
    primary key (thing, rule, recipient, sent_on)
);
create index reminder_pupil on desk.reminder (pupil) where pupil is not null;

-- Addresses of organisations' own systems that are told of the same as their mailboxes. The secrets with which they
-- are signed are sealed like those of authenticator apps; an earlier one is good beside the new one for a day.
create table desk.webhook (
    webhook uuid primary key,
    organisation uuid not null,
    -- only messages to these services of it; empty: to all, and to the organisation
    services uuid[] not null,
    url text not null check (length(url) between 1 and 2000),
    wrapped bytea not null,
    wrapped_by text not null,
    sealed bytea not null,
    former_wrapped bytea,
    former_wrapped_by text,
    former_sealed bytea,
    former_until timestamptz,
    made_at timestamptz not null,
    made_by uuid not null,
    ended_at timestamptz,
    succeeded_at timestamptz,
    failing_since timestamptz
);
create index webhook_organisation on desk.webhook (organisation) where ended_at is null;

create table desk.webhook_delivery (
    delivery uuid primary key,
    webhook uuid not null references desk.webhook on delete cascade,
    -- null: a test
    message uuid references desk.outbox on delete cascade,
    created_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    -- the status of the last answer
    status smallint,
    problem text check (problem ~ '^[a-z][a-z_]{0,59}$'),
    sent_at timestamptz,
    given_up_at timestamptz,
    unique (webhook, message)
);
create index webhook_delivery_waiting on desk.webhook_delivery (due_at)
    where sent_at is null and given_up_at is null;
create index webhook_delivery_message on desk.webhook_delivery (message);

-- A job and one of its times: whoever writes the row does the work. One that was begun and has neither ended nor
-- failed is taken up again when its worker is gone.
create table desk.job_run (
    job text not null check (job ~ '^[a-z][a-z_]{0,59}$'),
    slot timestamptz not null,
    begun_at timestamptz not null,
    attempts integer not null default 1,
    finished_at timestamptz,
    failed_at timestamptz,
    -- the kind of error, never its text
    problem text check (length(problem) between 1 and 100),
    primary key (job, slot)
);
create index job_run_begun on desk.job_run (begun_at);

grant select, insert, update, delete on desk.message_choice, desk.quiet_hours, desk.digest_stop, desk.reminder,
    desk.webhook, desk.webhook_delivery, desk.job_run to cydlynu_append;
