-- Addresses under which a calendar program reads the meetings of an organisation, or of services of an agency. The
-- address holds the secret, this table its SHA-256. Revoked ones stay, so that their reader is told so.
create table desk.calendar_feed (
    feed uuid primary key,
    secret_hash bytea not null unique check (length(secret_hash) = 32),
    organisation uuid not null,
    role text not null check (role ~ '^[a-z_]{1,40}$'),
    -- null: all of the organisation
    services uuid[],
    made_by uuid not null,
    made_at timestamptz not null,
    revoked_at timestamptz
);
create index calendar_feed_organisation on desk.calendar_feed (organisation);

grant select, insert, update on desk.calendar_feed to cydlynu_append;
