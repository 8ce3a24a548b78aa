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
alter table missed enable row level security;
create policy missed_of_the_school on missed for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = missed.pupil and a.basis = 'registration')
);
create policy missed_of_the_agency on missed for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and exists (
        select from open_access a
        where a.pupil = missed.pupil and a.ground = missed.referral and a.basis <> 'registration'
    )
);
