-- Whether this store holds the demonstration county, and whether its loading came to an end.
create table desk.demonstration (
    until date not null,
    begun_at timestamptz not null,
    finished_at timestamptz,
    only_row boolean primary key default true check (only_row)
);
