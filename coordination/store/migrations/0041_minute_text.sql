-- What the minute-takers of one organisation have typed about one item of a meeting and not recorded yet. Each showing
-- of the form (`writer`, a keyed hash) has a row of its own, so nobody's text replaces another's; `version` counts its
-- saves. Text that a save from an older state would have replaced stays in a row with `replaced`. The text is sealed
-- under a key of its own, which is wrapped by an outer key; `place` is a keyed hash of organisation, meeting and item,
-- `about` the keyed hash of the pupil, by which an erasure finds it.
create table desk.minute_text (
    place bytea not null check (length(place) = 32),
    writer bytea not null check (length(writer) = 32),
    version integer not null check (version > 0),
    replaced boolean not null,
    person uuid not null,
    about bytea not null check (length(about) = 32),
    wrapped bytea not null,
    wrapped_by text not null,
    sealed bytea not null check (length(sealed) < 500000),
    kept_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (place, writer, version)
);
create unique index minute_text_standing on desk.minute_text (place, writer) where not replaced;
create index minute_text_about on desk.minute_text (about);
create index minute_text_expires on desk.minute_text (expires_at);

grant select, insert, update, delete on desk.minute_text to cydlynu_append;
