-- Requests for the file of a pupil of another school. What was typed is sealed under a key of its own, which is wrapped
-- by an outer key, and deleted when the request is answered. `number_key` is a keyed hash of the pupil number: the same
-- request is recognised by it. `pupil` is set when the request was carried out, `refused` (a code) when it could not be:
-- what was typed is then kept for the school.
create table desk.file_request (
    request uuid primary key,
    school uuid not null,
    person uuid not null,
    number_key bytea not null check (length(number_key) = 32),
    asked_at timestamptz not null,
    pupil uuid,
    answered_at timestamptz,
    refused text check (refused ~ '^[a-z][a-z_]{0,59}$'),
    wrapped bytea,
    wrapped_by text,
    sealed bytea check (length(sealed) < 500000),
    check ((sealed is null) = (wrapped is null) and (sealed is null) = (wrapped_by is null)),
    check ((sealed is null) = (answered_at is not null))
);
create unique index file_request_open on desk.file_request (school, number_key) where answered_at is null;
create index file_request_school on desk.file_request (school, asked_at);
create index file_request_waiting on desk.file_request (asked_at)
    where pupil is null and answered_at is null and refused is null;
create index file_request_pupil on desk.file_request (pupil);

grant select, insert, update on desk.file_request to cydlynu_append;

-- Emergency access ends at an instant.
alter table log.pupil_access add column closes_at timestamptz;
