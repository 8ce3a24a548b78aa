-- A transition as it stands: ids and days.
create table transition (
    transition uuid primary key,
    pupil uuid not null,
    planned_by uuid not null,
    kind text not null,
    moves_on date not null,
    enhanced boolean not null,
    to_school uuid,
    visits smallint not null,
    pack_sent_on date
);
create index transition_pupil on transition (pupil);

-- The pack that was sent last to the next school (ciphertext): all that it reads before the pupil is on its roll.
create table transition_pack (
    transition uuid primary key,
    pupil uuid not null,
    sent_by uuid not null,
    to_school uuid not null,
    moves_on date not null,
    sent_on date not null,
    version bigint not null,
    topic text not null,
    sealed text not null
);
create index transition_pack_pupil on transition_pack (pupil);
create index transition_pack_to_school on transition_pack (to_school);

-- Where a young person went; `destination` is opened, and blank once the stream is erased.
create table destination (
    transition uuid primary key,
    pupil uuid not null,
    recorded_by uuid not null,
    at_age smallint not null,
    recorded_on date not null,
    follow_up_on date,
    destination text not null
);
create index destination_pupil on destination (pupil);
