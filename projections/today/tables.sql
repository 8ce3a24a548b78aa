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
