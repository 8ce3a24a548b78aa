-- An agency that would pass a referral on asked for a basis to share with the next service, and has none yet.
create table basis_request (
    referral uuid not null,
    service uuid not null,
    pupil uuid not null,
    agency uuid not null,
    to_agency uuid not null,
    since date not null,
    last_version bigint not null,
    primary key (referral, service)
);
create index basis_request_pupil on basis_request (pupil);

-- Appointments that a pupil missed, as long as the entry counts.
create table missed (
    pupil uuid not null,
    version bigint not null,
    referral uuid not null,
    service uuid not null,
    agency uuid not null,
    milestone text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    primary key (pupil, version)
);
