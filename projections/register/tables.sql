-- Each time on a school's roll (also of those who left): ids and days, to count by.
create table register_roll (
    pupil uuid not null,
    school uuid not null,
    from_on date not null,
    authority uuid,
    until date,
    primary key (pupil, school, from_on)
);
create index register_roll_school on register_roll (school);
create index register_roll_authority on register_roll (authority);

-- The provision from a day on, as it was recorded (opened; blank once the stream is erased).
create table register_provision (
    pupil uuid not null,
    version bigint not null,
    from_on date not null,
    provision text not null,
    primary key (pupil, version)
);

-- The dates of plans that count: `step` aln_decided (with a plan to come), plan_issued or plan_reviewed; `ceases`: the
-- plan is no longer maintained. `body`: the school or authority that did it.
create table register_plan (
    concern uuid not null,
    step text not null,
    on_day date not null,
    pupil uuid not null,
    organisation uuid not null,
    body text not null,
    ceases boolean not null,
    plan_due boolean not null,
    primary key (concern, step, on_day)
);
create index register_plan_pupil on register_plan (pupil);
