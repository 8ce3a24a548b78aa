-- A concern about additional learning needs as it stands: ids, days and states only.
create table aln_concern (
    concern uuid primary key,
    pupil uuid not null,
    -- the school that was told, decided or gave the plan; null: none has part in it
    school uuid,
    -- the authority that was told, was asked to reconsider or decided
    authority uuid,
    -- the body that has the duty to decide
    decides text not null,
    phase text not null,
    since date not null,
    young_person boolean not null,
    last_version bigint not null,
    -- the steps that count now, in order
    steps jsonb not null
);
create index aln_concern_pupil on aln_concern (pupil);
create index aln_concern_authority on aln_concern (authority) where authority is not null;

-- One row for each statutory wait: one clock of one time limit with one holder, for as long as it was known so. The
-- columns mean what those of `wait` mean; the holder is a school or an authority, `school` the one whose pupil it is.
create table statutory_wait (
    concern uuid not null,
    standard text not null,
    number integer not null,
    known_from bigint not null,
    pupil uuid not null,
    service uuid,
    agency uuid,
    school uuid,
    authority uuid,
    holder uuid not null,
    holder_kind text not null,
    version date,
    unit text not null,
    limit_days integer,
    bands integer[] not null,
    legal_route text,
    priority text not null,
    start_on date not null,
    begins_on date not null,
    due_on date,
    end_on date,
    ending text,
    age_years smallint,
    inherited_days integer not null,
    inherited_from uuid,
    uncountable text,
    start_ordinal integer,
    end_ordinal integer,
    unconfirmed smallint not null,
    metric_version text not null,
    gap_from date[] not null,
    gap_until date[] not null,
    gap_ending text[] not null,
    stretch_party text[] not null,
    stretch_service uuid[] not null,
    stretch_from date[] not null,
    stretch_until date[] not null,
    known_to bigint,
    primary key (concern, standard, number, known_from)
);
create index statutory_wait_standing on statutory_wait (concern, standard, number) where known_to is null;
create index statutory_wait_standard on statutory_wait (standard);
create index statutory_wait_school on statutory_wait (school);
create index statutory_wait_authority on statutory_wait (authority);

-- What a teacher told the ALNCo of a pupil (ciphertext). The teacher reads their own.
create table told_concern (
    concern uuid primary key,
    pupil uuid not null,
    school uuid not null,
    person uuid not null,
    told_on date not null,
    version bigint not null,
    topic text not null,
    sealed text not null
);
create index told_concern_school on told_concern (school);
create index told_concern_pupil on told_concern (pupil);

-- The answer to it, as last given: the outcome (opened; blank once the stream is erased) and the words for the teacher.
create table concern_answer (
    concern uuid primary key,
    pupil uuid not null,
    answered_on date not null,
    starts_decision boolean not null,
    outcome text not null,
    version bigint not null,
    topic text not null,
    sealed text not null
);
