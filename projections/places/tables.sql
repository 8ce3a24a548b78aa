-- What an authority said of its bases, entry by entry; names no pupil. `kind`: places, criteria, agreement, function or
-- training. `number`: places, or people trained. `words` and `more_words`: admission and exit criteria, or the one text.
create table base_entry (
    service uuid not null,
    version bigint not null,
    kind text not null,
    recorded_on date not null,
    effective_from date not null,
    effective_to date,
    number integer,
    school uuid,
    needs text[] not null,
    words text,
    more_words text,
    source text not null,
    primary key (service, version)
);

-- Referrals for a place, each as it stands: ids, days and states.
create table placement (
    referral uuid primary key,
    pupil uuid not null,
    service uuid not null,
    authority uuid not null,
    school uuid not null,
    -- the authority of the school that asked, where it is another one
    placing_authority uuid,
    state text not null,
    asked_on date,
    decided_on date,
    offered_on date,
    starts_on date,
    placed_on date,
    exit_due_on date,
    ended_on date,
    beyond boolean not null,
    -- the entry that has the reason
    beyond_at bigint,
    reviewed_on date,
    next_review_on date,
    last_version bigint not null
);
create index placement_service on placement (service);
create index placement_pupil on placement (pupil);

-- The words of a review, and the reason of a place beyond the number (ciphertext): `kind` review or beyond.
create table placement_words (
    pupil uuid not null,
    version bigint not null,
    referral uuid not null,
    kind text not null,
    outcome text not null,
    occurred_on date not null,
    organisation uuid not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, version)
);
create index placement_words_referral on placement_words (referral);

-- Families that agreed to an hour at short notice.
create table short_notice (
    referral uuid primary key,
    pupil uuid not null,
    service uuid not null,
    agency uuid not null,
    agreed_on date not null,
    -- first and last days on which the family asked for no appointment
    away_from date[] not null,
    away_until date[] not null
);
