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
alter table reported enable row level security;
create policy reported_by_the_school on reported for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = reported.pupil and a.basis = 'registration')
);
create policy reported_in_the_name_of_the_agency on reported for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and exists (
        select from open_access a
        where a.pupil = reported.pupil and a.ground = reported.referral and a.basis <> 'registration'
    )
);
