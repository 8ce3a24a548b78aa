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
    -- the version of the rules that made this row
    metric_version text not null,
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

-- the pupil's needs when the referral was opened; blanked when the pupil's stream is erased
create table referral_need (
    referral uuid primary key,
    needs text[] not null
);

-- What was recorded of a referral, one row for each entry: the entries that a wait was made from. Clear facts only: who
-- said it (an organisation), when it happened and when it was recorded; no words, no reasons, no appointment.
create table wait_entry (
    referral uuid not null,
    -- place in the pupil's stream, and in the log
    version bigint not null,
    position bigint not null,
    -- a milestone's name; opened, entry_struck, milestone_confirmed, milestone_contested, unavailable
    kind text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    organisation uuid not null,
    -- of a milestone: own or reported
    word text,
    -- the earlier entry that this one is about: corrected, struck, confirmed or contested
    about bigint,
    -- of a contested milestone the day that the agency gives; of unavailable days the first and the last
    says_on date,
    until date
);
create index wait_entry_referral on wait_entry (referral);
-- The auditor of the authority, of a wait that he sees, and as far as it was this authority's; whose desk has the
-- referral itself reads it there.
