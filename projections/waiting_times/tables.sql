-- One row for each wait: one clock of one standard in one episode and holding of a referral, for as long as it was known
-- so; known_from and known_to are log positions. `number` counts a referral's waits against one standard by the day on
-- which they begin. The standards none, not_received and not_sent are built in: they have no version and no limit.
create table wait (
    referral uuid not null,
    standard text not null,
    number integer not null,
    known_from bigint not null,
    pupil uuid not null,
    -- who holds it: the service and its agency; of not_sent the service that it is addressed to, while the school has it
    service uuid not null,
    agency uuid not null,
    school uuid not null,
    authority uuid,
    holder_kind text not null,
    -- the version of the standard in force on begins_on: its first day, and what it says
    version date,
    unit text not null,
    limit_days integer,
    bands integer[] not null,
    legal_route text,
    -- of the referral, as last judged
    priority text not null,
    -- when the clock started, and when this holder's part of it did: the days between are inherited
    start_on date not null,
    begins_on date not null,
    -- since when this holder has it without a gap: the days from then on can be challenged; null: it was never sent
    held_from date,
    -- the last day within the limit, from start_on and from held_from; null: none, or the terms are not known that far
    due_on date,
    own_due_on date,
    end_on date,
    -- stopped, or how it ended otherwise; null: it runs
    ending text,
    -- completed years on start_on, if it is known
    age_years smallint,
    inherited_days integer not null,
    inherited_from uuid,
    -- terms_unknown: the first or the last day cannot be counted
    uncountable text,
    -- in the unit of the standard: ordinals whose difference is the elapsed days
    start_ordinal integer,
    end_ordinal integer,
    -- how many of its two milestones are only reported, and not confirmed by the agency
    unconfirmed smallint not null,
    -- the version of the rules that made this row
    metric_version text not null,
    -- nobody waits: from an ending to a reopening that went on, or to a stop after the ending
    gap_from date[] not null,
    gap_until date[] not null,
    gap_ending text[] not null,
    -- whose days they were: stretches in order, the last open when the wait is; of the agency's days, the service
    stretch_party text[] not null,
    stretch_service uuid[] not null,
    stretch_from date[] not null,
    stretch_until date[] not null,
    -- the place in the pupil's stream of the entry that began each; 0: none did
    stretch_cause bigint[] not null,
    known_to bigint,
    primary key (referral, standard, number, known_from)
);
-- a page of the log closes the rows that stand
create index wait_standing on wait (referral, standard, number) where known_to is null;
-- a report reads one service's waits against one standard
create index wait_service on wait (service, standard);
-- a school or authority reads its own
create index wait_school on wait (school);
create index wait_authority on wait (authority);
-- whose language is seen with a wait
create index wait_pupil on wait (pupil);

-- the pupil's needs when the referral was opened; blanked when the pupil's stream is erased
create table referral_need (
    referral uuid primary key,
    pupil uuid not null,
    needs text[] not null
);

-- the pupil's language, for as long as it was known so; blanked when the pupil's stream is erased
create table pupil_language (
    pupil uuid not null,
    known_from bigint not null,
    language text,
    known_to bigint,
    primary key (pupil, known_from)
);
create index pupil_language_standing on pupil_language (pupil) where known_to is null;

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
    -- of a contested milestone the day that the agency gives; of unavailable days and of the days that an appointment
    -- was offered for, the first and the last
    says_on date,
    until date,
    -- of a receipt: the pupil's age in completed months, where it is known
    age_months smallint
);
create index wait_entry_referral on wait_entry (referral);
-- The auditor of the authority, of a wait that he sees, and as far as it was this authority's; whose desk has the
-- referral itself reads it there.
