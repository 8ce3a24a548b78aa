-- Of each referral that an agency or a school saw, that its sight ended, and why; `shared_again` where it has come back.
-- Nothing about the pupil but ids. `received`: what was received until then can still be read.
create table sight_end (
    organisation uuid not null,
    service uuid not null,
    referral uuid not null,
    pupil uuid not null,
    school uuid not null,
    since date not null,
    because text not null,
    referral_open boolean not null,
    received boolean not null,
    topic text not null,
    position bigint not null,
    recorded_at timestamptz not null,
    recorded_by uuid not null,
    primary key (organisation, service, referral)
);
create index sight_end_position on sight_end (organisation, position);
