-- Pupils by names and date of birth, whatever their number: keyed hashes, as of the numbers. Not unique: two children can
-- have the same, and one child has several (a preferred name, a former surname).
create table log.pupil_likeness (
    likeness_hmac bytea not null check (length(likeness_hmac) = 32),
    stream uuid not null,
    primary key (likeness_hmac, stream)
);
grant select, insert on log.pupil_likeness to cydlynu_append;

-- A description of a pupil that waits until somebody decides whose it is. What a file or form said is personal: sealed
-- under a key of its own, which is wrapped by an outer key. The row is deleted when it is decided; it is never an event.
-- `place` is a keyed hash of the school, the pupil and the number, so that the same file again does not make a second row.
-- `digest` is a keyed hash of the content: whoever decides something else than what is waiting now is told so.
-- With an `authority` only its caseworker may see the row: it is about pupils of two schools.
create table desk.doubt (
    doubt uuid primary key,
    place bytea not null unique check (length(place) = 32),
    kind text not null check (kind ~ '^[a-z][a-z_]{0,39}$'),
    school uuid not null,
    authority uuid,
    pupil uuid not null,
    other uuid,
    digest bytea not null check (length(digest) = 32),
    wrapped bytea not null,
    wrapped_by text not null,
    sealed bytea not null check (length(sealed) < 500000),
    raised_at timestamptz not null
);
create index doubt_school on desk.doubt (school, raised_at);
create index doubt_authority on desk.doubt (authority, raised_at) where authority is not null;
create index doubt_pupil on desk.doubt (pupil);

grant select, insert, update, delete on desk.doubt to cydlynu_append;
