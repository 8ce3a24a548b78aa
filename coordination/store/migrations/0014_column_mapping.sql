-- How a school's files are read: which column of a sheet fills which field, kept under a name. It holds headers and
-- choices, never a cell of a pupil's row.
create table desk.column_mapping (
    organisation uuid not null,
    name text not null check (length(name) between 1 and 80),
    contents jsonb not null check (length(contents::text) < 100000),
    kept_by uuid not null,
    kept_at timestamptz not null,
    primary key (organisation, name)
);

grant select, insert, update, delete on desk.column_mapping to cydlynu_append;
