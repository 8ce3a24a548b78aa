-- One parent's objection, and what a professional decided about it. The school's alone.
create table objection (
    objection uuid primary key,
    pupil uuid not null,
    agency uuid not null,
    service uuid,
    purpose text not null,
    contact uuid not null,
    since date not null,
    outcome text,
    decided_on date,
    last_version bigint not null
);
create index objection_pupil on objection (pupil);

-- A court order about sharing; without an agency, service or purpose about all of them.
create table court_order (
    court_order uuid primary key,
    pupil uuid not null,
    effect text not null,
    agency uuid,
    service uuid,
    purpose text,
    since date not null,
    until date,
    ended_on date,
    last_version bigint not null
);
create index court_order_pupil on court_order (pupil);

-- Who gave an agreement and on what terms; and what has happened since that gives a reason to ask again.
create table consent_giver (
    consent uuid primary key,
    pupil uuid not null,
    authority text not null,
    kept_from_parents boolean not null,
    standing text not null,
    agency uuid not null,
    purpose text not null,
    contact uuid,
    given_on date not null,
    expires_on date,
    reviewed_on date,
    ask_because text,
    ask_since date,
    last_version bigint not null
);
create index consent_giver_pupil on consent_giver (pupil);
create index consent_giver_given on consent_giver (pupil) where standing = 'given';
