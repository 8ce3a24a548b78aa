-- Support that counts, as it stands: ids, days and levels. No name and no free text.
create table support (
    support uuid primary key,
    pupil uuid not null,
    given_by uuid not null,
    authority uuid,
    level smallint not null,
    phase smallint not null,
    started_on date not null,
    -- the last day of the phase, and the day of the next review
    ends_by date not null,
    review_on date not null,
    measurable boolean not null,
    programme text,
    programme_of uuid,
    reviews smallint not null,
    reviewed_on date,
    -- its last day; null: it goes on
    ended_on date,
    left_school boolean not null,
    first_version bigint not null,
    last_version bigint not null
);
create index support_pupil on support (pupil);
create index support_given_by on support (given_by);

-- For which need it is (opened; blank once the stream is erased).
create table support_need (
    support uuid primary key,
    pupil uuid not null,
    need text not null
);

-- Since which referral, and which service advised it: never for a class teacher.
create table support_advice (
    support uuid primary key,
    pupil uuid not null,
    referral uuid,
    advised_by uuid
);

-- The reviews, with their outcome (opened; blank once the stream is erased).
create table support_review (
    pupil uuid not null,
    version bigint not null,
    support uuid not null,
    reviewed_on date not null,
    next_step text not null,
    outcome text not null,
    primary key (pupil, version)
);
create index support_review_support on support_review (support);

-- The words of each entry (ciphertext): `kind` started, reviewed or ended.
create table support_words (
    pupil uuid not null,
    version bigint not null,
    support uuid not null,
    kind text not null,
    person uuid not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, version)
);
create index support_words_support on support_words (support);

-- From when to when a pupil had support, for figures: `until` is the last day (null: it goes on).
create table support_days (
    support uuid primary key,
    pupil uuid not null,
    given_by uuid not null,
    authority uuid,
    from_on date not null,
    until date
);
create index support_days_pupil on support_days (pupil);

-- One-page profiles, each version of each occasion (ciphertext).
create table one_page_profile (
    profile uuid primary key,
    pupil uuid not null,
    given_by uuid not null,
    occasion text not null,
    language text not null,
    with_child boolean not null,
    written_on date not null,
    written_by uuid not null,
    role text not null,
    version bigint not null,
    topic text not null,
    sealed text not null
);
create index one_page_profile_pupil on one_page_profile (pupil);
