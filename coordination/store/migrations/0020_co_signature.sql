-- Tokens and roles that somebody of the organisation co-signs, or is told of. A row that is not signed stops what it is
-- about (a token; a person's role at an organisation), unless it was made on the machine itself (`at_once`): then the
-- row is only told to those who could have co-signed, who say that they have seen it. Ids and codes only, no names.
create table desk.co_signature (
    co_signature uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('token', 'role')),
    -- the token, or the person who is given the role
    subject uuid not null,
    organisation uuid not null,
    role text not null check (role ~ '^[a-z][a-z_]{0,39}$'),
    at_once boolean not null,
    -- who can co-sign beside the organisation itself: the authority, where the organisation has nobody who could
    authority uuid,
    prepared_by uuid not null,
    prepared_at timestamptz not null,
    signed_by uuid,
    signed_at_organisation uuid,
    signed_at timestamptz,
    -- the day on which the authority telephoned the organisation about its first account
    telephoned_on date,
    declined boolean not null default false,
    check ((signed_by is null) = (signed_at is null)),
    check (signed_by is not null or not declined)
);
create unique index co_signature_waiting on desk.co_signature (kind, subject, organisation, role)
    where signed_at is null;
create index co_signature_organisation on desk.co_signature (organisation) where signed_at is null;
create index co_signature_authority on desk.co_signature (authority) where signed_at is null;
create index co_signature_subject on desk.co_signature (subject);

grant select, insert, update, delete on desk.co_signature to cydlynu_append;
