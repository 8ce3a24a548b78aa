-- What somebody began to type in a long form and has not sent. It is text about a pupil: sealed under a key of its own,
-- which is wrapped by an outer key, so that with the database alone nothing opens. `place` is a keyed hash of the person,
-- the organisation and the page's address: which pupil it is about cannot be read here.
-- A row without `sealed` says that the showing `command` of the form was taken: nothing typed in it is kept any more.
create table desk.draft (
    place bytea primary key check (length(place) = 32),
    person uuid not null,
    organisation uuid not null,
    command text not null check (length(command) <= 100),
    wrapped bytea,
    wrapped_by text,
    sealed bytea check (length(sealed) < 500000),
    begun_at timestamptz not null,
    kept_at timestamptz not null,
    expires_at timestamptz not null,
    check ((sealed is null) = (wrapped is null) and (sealed is null) = (wrapped_by is null))
);
create index draft_person on desk.draft (person, organisation, kept_at);
create index draft_expires on desk.draft (expires_at);

grant select, insert, update, delete on desk.draft to cydlynu_append;
