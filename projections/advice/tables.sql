-- An advice conversation, without a pupil: ids, days and codes. It is counted, so it holds rows about hidden files too.
create table advice (
    advice uuid primary key,
    school uuid not null,
    agency uuid not null,
    service uuid not null,
    channel text not null,
    asked_on date not null,
    -- the service recorded it, not the school
    by_service boolean not null,
    -- about a pupil who is named on the record
    named boolean not null,
    answered_on date,
    answer text,
    other_service uuid,
    -- the answer is as the school reports it
    reported boolean not null,
    last_version bigint not null,
    position bigint not null
);
create index advice_school on advice (school, asked_on);
create index advice_service on advice (service, asked_on);

-- Which pupil it was about, and to which referral it was linked.
create table advice_pupil (
    advice uuid primary key,
    pupil uuid not null,
    school uuid not null,
    agency uuid not null,
    service uuid not null,
    referral uuid
);
create index advice_pupil_pupil on advice_pupil (pupil);

-- Whether the school's referral of the pupil to the service was open already, and the day on which one followed. Counted.
create table advice_follow (
    advice uuid primary key,
    school uuid not null,
    agency uuid not null,
    service uuid not null,
    open_before boolean not null,
    referred_on date
);

-- What was said, sealed.
create table advice_words (
    advice uuid not null,
    version bigint not null,
    topic text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    person uuid not null,
    organisation uuid not null,
    sealed text not null,
    primary key (advice, version)
);
