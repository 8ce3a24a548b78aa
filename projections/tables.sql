-- What every projection shares. These statements run with search_path = the schema being made (read or read_next);
-- the row-level policies name log.pupil_access, which is never swapped.

-- one position for all projections, so that a page's or report's stamp is one number
create table position (
    position bigint not null,
    definition text not null,
    only_row boolean primary key default true check (only_row)
);

-- a stream that one projection could not take: parked from a position on, everything else goes on
create table parked (
    projection text not null,
    stream uuid not null,
    position bigint not null,
    topic text not null,
    reason text not null,
    primary key (projection, stream)
);

-- the first position at which the running maximum of recorded_at reached an instant: "as known at"
create table known (
    recorded_at timestamptz primary key,
    position bigint not null
);

-- which pupils' streams ever had a referral to a service: for what changes with a service; under the service 0 those with
-- a concern about additional learning needs
create table service_pupil (
    service uuid not null,
    pupil uuid not null,
    primary key (service, pupil)
);

alter table service_pupil enable row level security;
