-- One row for each referral and standard, for as long as it was known so: known_from and known_to are log positions.
create table wait (
    referral uuid not null,
    standard text not null,
    known_from bigint not null,
    pupil uuid not null,
    service uuid not null,
    agency uuid not null,
    school uuid not null,
    authority uuid,
    start_on date not null,
    due_on date not null,
    stop_on date,
    ended_on date,
    -- in the unit of the standard: ordinals whose difference is the elapsed days
    start_ordinal integer not null,
    stop_ordinal integer,
    -- how many of its two milestones are only reported, and not confirmed by the agency
    unconfirmed smallint not null,
    -- whose days they were: stretches in order, the last open when the wait is
    stretch_party text[] not null,
    stretch_from date[] not null,
    stretch_until date[] not null,
    known_to bigint,
    primary key (referral, standard, known_from)
);
-- a page of the log closes the rows that stand
create index wait_standing on wait (referral, standard) where known_to is null;
-- a report reads one service's waits against one standard
create index wait_service on wait (service, standard);
-- a school or authority reads its own
create index wait_school on wait (school);
create index wait_authority on wait (authority);

alter table wait enable row level security;
create policy wait_of_the_party on wait for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'operator'
    or (school = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and (select current_setting('cydlynu.desk', true)) = 'school')
    or (agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and (select current_setting('cydlynu.desk', true)) = 'agency')
    or (authority = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and (select current_setting('cydlynu.desk', true)) = 'auditor')
);

-- the pupil's needs when the referral was opened; blanked when the pupil's stream is erased
create table referral_need (
    referral uuid primary key,
    needs text[] not null
);
alter table referral_need enable row level security;
create policy referral_need_of_the_party on referral_need for select to cydlynu_read using (
    exists (select from wait w where w.referral = referral_need.referral)
);
