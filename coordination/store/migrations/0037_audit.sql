-- A random sample of waits that an auditor drew: the seed and the question (in the stamp), from which the same sample can
-- be drawn again, and what was found about each wait. The words of a finding are sealed apart; a finding names no pupil.
create table desk.audit_sample (
    sample uuid primary key,
    organisation uuid not null,
    seed bigint not null,
    size integer not null check (size between 1 and 200),
    stamp text not null check (length(stamp) < 4000),
    drawn_by uuid not null,
    drawn_at timestamptz not null
);
create index audit_sample_organisation on desk.audit_sample (organisation, drawn_at);

create table desk.audit_finding (
    sample uuid not null references desk.audit_sample,
    place integer not null,
    verdict text not null check (verdict ~ '^[a-z][a-z_]{0,39}$'),
    -- sealed under a key of its own; null: no words
    wrapped bytea,
    wrapped_by text,
    sealed bytea,
    written_by uuid not null,
    written_at timestamptz not null,
    primary key (sample, place),
    check ((sealed is null) = (wrapped is null))
);

-- What a person asks again and again: the address of a report without its days, or with them. Criteria only.
create table desk.saved_report (
    saved uuid primary key,
    person uuid not null,
    organisation uuid not null,
    name text not null check (length(name) between 1 and 80),
    endpoint text not null check (length(endpoint) < 80),
    question jsonb not null check (length(question::text) < 4000),
    saved_at timestamptz not null
);
create index saved_report_person on desk.saved_report (person, organisation);

grant select, insert, update, delete on desk.audit_sample, desk.audit_finding, desk.saved_report to cydlynu_append;
