-- The log, and what must be written with the events in the same transaction.
-- log.event and log.stored_event_uuid have the shape that eventsourcing 9.5's PostgreSQL recorder expects.

create table log.event (
    originator_id uuid not null,
    originator_version bigint not null,
    topic text not null,
    state bytea not null,
    notification_id bigserial,
    primary key (originator_id, originator_version)
) with (
    autovacuum_vacuum_threshold = 100000000,
    autovacuum_vacuum_scale_factor = 0.5,
    autovacuum_analyze_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.01
);
-- projections read the log in this order
create unique index event_notification_id_idx on log.event (notification_id);

create type log.stored_event_uuid as (
    originator_id uuid, originator_version bigint, topic text, state bytea
);

create function log.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger event_append_only before update or delete on log.event
    for each row execute function log.refuse_change();
create trigger event_no_truncate before truncate on log.event
    for each statement execute function log.refuse_change();

-- One row a save: the hash of the stored bytes, chained to the row before it.
create table log.ledger (
    position bigint primary key,
    events integer not null,
    digest bytea not null,
    chain bytea not null
);
create trigger ledger_append_only before update or delete on log.ledger
    for each row execute function log.refuse_change();
create trigger ledger_no_truncate before truncate on log.ledger
    for each statement execute function log.refuse_change();

-- A repeated command answers with its first result.
create table log.command (
    organisation uuid not null,
    command_id text not null check (length(command_id) between 1 and 200),
    digest bytea not null,
    stream uuid not null,
    version bigint not null,
    primary key (organisation, command_id)
);

-- One key a stream, wrapped by a key that is kept outside the database. A row is deleted to erase.
create table log.stream_key (
    stream uuid primary key,
    wrapped bytea not null,
    wrapping_key text not null
);

-- Personal natural keys are found through an HMAC whose key is outside the database.
create table log.pupil_upn (
    upn_hmac bytea primary key,
    stream uuid not null
);
create table log.referral_ref (
    organisation uuid not null,
    ref_hmac bytea not null,
    pupil uuid not null,
    referral uuid not null,
    primary key (organisation, ref_hmac)
);

-- Codes that are nobody's personal data: authorities, schools, agencies, services, the reference tables.
create table log.organisation (
    stream uuid primary key,
    kind text not null,
    code text not null,
    version bigint not null,
    unique (kind, code)
);
create table log.service_code (
    code text primary key,
    service uuid not null unique,
    organisation uuid not null
);

-- Who may see what concerns a pupil, and on what basis. Kept here so that a withdrawal closes access at once.
create table log.pupil_access (
    pupil uuid not null,
    organisation uuid not null,
    basis text not null,
    ground uuid not null,
    opened_on date not null,
    closed_on date,
    primary key (pupil, organisation, ground)
);
-- the row-level policies ask: may this organisation see this pupil?
create index pupil_access_organisation on log.pupil_access (organisation, pupil) include (opened_on, closed_on);

grant select, insert, update on log.event to cydlynu_append;
grant usage on sequence log.event_notification_id_seq to cydlynu_append;
grant select, insert on log.ledger, log.command, log.stream_key, log.pupil_upn, log.referral_ref to cydlynu_append;
grant select, insert, update on log.organisation, log.service_code, log.pupil_access to cydlynu_append;
grant select on log.pupil_access to cydlynu_read;
