-- A challenge as it stands. Until it is sent it is the school's own matter.
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
    -- how many waits a delay challenge rests on
    waits integer not null,
    disputes smallint not null,
    open_disputes smallint not null,
    -- whether the rule is met by the evidence as disputes and rulings leave it
    still_met boolean not null,
    -- who was asked by name to rule: people of neither party
    rulers uuid[] not null,
    last_version bigint not null
);
create index challenge_school on challenge (school, service);
create index challenge_agency on challenge (agency);
create index challenge_authority on challenge (authority);

alter table challenge enable row level security;
create policy challenge_of_the_party on challenge for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'operator'
    or (school = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and (select current_setting('cydlynu.desk', true)) = 'school')
    or (agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and sent_on is not null
        and (select current_setting('cydlynu.desk', true)) = 'agency')
    or (authority = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        and sent_on is not null
        and (select current_setting('cydlynu.desk', true)) = 'auditor')
);
-- Who was asked to rule sees this one, wherever they sit; they read what the parties say, and no waits of pupils.
create policy challenge_of_the_ruler on challenge for select to cydlynu_read using (
    (select nullif(current_setting('cydlynu.person', true), '')::uuid) = any (rulers)
    and sent_on is not null
    and (select current_setting('cydlynu.desk', true)) in ('agency', 'auditor')
);

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
    sealed text not null,
    primary key (challenge, version)
);
alter table challenge_step enable row level security;
create policy challenge_step_of_the_party on challenge_step for select to cydlynu_read using (
    exists (select from challenge c where c.challenge = challenge_step.challenge)
);

-- The lines of registers that an attendance challenge rests on: as they were when it was raised, and as the disputes
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
alter table challenge_mark enable row level security;
create policy challenge_mark_of_the_party on challenge_mark for select to cydlynu_read using (
    exists (select from challenge c where c.challenge = challenge_mark.challenge)
);

-- The waits that a delay challenge rests on. They name pupils: the school and the agency only.
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
alter table challenge_wait enable row level security;
create policy challenge_wait_of_the_party on challenge_wait for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) in ('school', 'agency', 'operator')
    and exists (
        select from challenge c
        where c.challenge = challenge_wait.challenge
            and ((select current_setting('cydlynu.desk', true)) = 'operator'
                or (select nullif(current_setting('cydlynu.organisation', true), '')::uuid) in (c.school, c.agency))
    )
);
