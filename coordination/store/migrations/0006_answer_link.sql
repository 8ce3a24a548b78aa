-- Links with which an agency answers, without an account, what a school reported in its name. Whoever holds the link
-- holds 256 random bits; this table holds only their SHA-256. A row stays when its link is over: `link` is who answered.
create table desk.answer_link (
    link uuid primary key,
    token_hash bytea not null unique check (length(token_hash) = 32),
    pupil uuid not null,
    referral uuid not null,
    agency uuid not null,
    school uuid not null,
    -- the entries of the pupil's stream that it asks about
    entries bigint[] not null check (cardinality(entries) > 0),
    made_by uuid not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    used_at timestamptz
);
create index answer_link_referral on desk.answer_link (referral);

grant select, insert, update on desk.answer_link to cydlynu_append;
