-- What a school reported in an agency's name and the agency has neither confirmed nor contested.
create table reported (
    pupil uuid not null,
    version bigint not null,
    referral uuid not null,
    service uuid not null,
    agency uuid not null,
    milestone text not null,
    occurred_on date not null,
    reported_on date,
    reported_how text,
    recorded_at timestamptz not null,
    primary key (pupil, version)
);
create index reported_agency on reported (agency);
