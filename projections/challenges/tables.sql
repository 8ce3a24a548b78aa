-- A challenge as it is now.
create table challenge (
    challenge uuid primary key,
    -- challenge or enquiry
    kind text not null,
    -- attendance or delay
    about text not null,
    school uuid not null,
    agency uuid not null,
    service uuid not null,
    authority uuid,
    phase text not null,
    -- the day of the last step that moved it on
    since date not null,
    sent_on date,
    reply_due_on date,
    -- the agency replied since it was sent or last escalated
    answered boolean not null,
    level text,
    -- what was counted against what: see Measured of the challenge's events
    code text,
    counted integer not null,
    threshold integer,
    out_of integer,
    unit text,
    rule_version text,
    -- the number of waits that are the evidence of a delay challenge
    waits integer not null,
    disputes smallint not null,
    open_disputes smallint not null,
    -- whether the rule is met by the evidence as disputes and rulings leave it
    still_met boolean not null,
    -- who was asked by name to rule: people of neither party
    rulers uuid[] not null,
    -- what the agency promised: how many, of them not kept, and the earliest day of those that are not ended
    promises smallint not null,
    promises_broken smallint not null,
    promise_due_on date,
    last_version bigint not null
);
create index challenge_school on challenge (school, service);
create index challenge_agency on challenge (agency);
create index challenge_authority on challenge (authority);

-- Its timeline; `sealed` is the ciphertext of the step's words.
create table challenge_step (
    challenge uuid not null,
    version bigint not null,
    topic text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    position bigint not null,
    person uuid not null,
    organisation uuid not null,
    on_behalf_of uuid,
    role text not null,
    source text not null,
    way text,
    reply_due_on date,
    dispute uuid,
    meeting uuid,
    mark_version bigint,
    claims text,
    ruling text,
    reads text,
    level text,
    bypass boolean not null,
    to_person uuid,
    outcome text,
    promise uuid,
    promised_by date,
    sealed text not null,
    primary key (challenge, version)
);

-- The lines of registers that are the evidence of an attendance challenge: as they were when it was raised, and as the disputes
-- and rulings of this challenge leave them.
create table challenge_mark (
    challenge uuid not null,
    meeting uuid not null,
    held_on date not null,
    mark text not null,
    mark_version bigint not null,
    expected boolean not null,
    because text,
    terms uuid,
    -- the kind of meeting
    meetings text not null,
    -- the log position at which it was read
    position bigint not null,
    raised_contested boolean not null,
    raised_ruled boolean not null,
    raised_reads text,
    contested boolean not null,
    ruled boolean not null,
    reads text,
    primary key (challenge, meeting)
);

-- The waits that are the evidence of a delay challenge. They name pupils.
create table challenge_wait (
    challenge uuid not null,
    referral uuid not null,
    pupil uuid not null,
    started_on date not null,
    stopped_on date,
    as_of date not null,
    due_on date,
    -- unadjusted, in the unit of the standard
    elapsed integer not null,
    position bigint not null,
    primary key (challenge, referral)
);
create index challenge_wait_referral on challenge_wait (referral);

-- What the nightly job suggested to a school, and what was decided about it. For the school only.
create table challenge_suggestion (
    suggestion uuid primary key,
    school uuid not null,
    -- null: the school's own matter
    service uuid,
    agency uuid,
    code text not null,
    counted integer not null,
    least integer not null,
    days integer not null,
    out_of integer,
    -- meetings, referrals, questions, supports or actions
    things uuid[] not null,
    as_of date not null,
    rule_from date not null,
    source text not null,
    position bigint not null,
    -- accepted or put_aside; null: nobody decided yet
    decided text,
    decided_on date,
    decided_by uuid,
    raised uuid,
    last_version bigint not null
);
create index challenge_suggestion_school on challenge_suggestion (school);
