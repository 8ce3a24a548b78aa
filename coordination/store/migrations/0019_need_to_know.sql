-- The read log: the services for which somebody read, and the disclosures on which a reading rests (stream and version of
-- each event).
alter table desk.read_log
    add column services uuid[] not null default '{}',
    add column cited_pupils uuid[] not null default '{}',
    add column cited_versions bigint[] not null default '{}',
    add constraint read_log_cited check (cardinality(cited_pupils) = cardinality(cited_versions));
create index read_log_organisation on desk.read_log (organisation, at);

-- What the data-protection officer found about unusual readings of a person of their organisation on a day. `pupil` null:
-- about all that was read. Never a name.
create table desk.reading_review (
    organisation uuid not null,
    person uuid not null,
    signal text not null check (signal ~ '^[a-z][a-z_]{0,59}$'),
    day date not null,
    pupil uuid,
    finding text not null check (finding ~ '^[a-z][a-z_]{0,59}$'),
    reviewed_by uuid not null,
    reviewed_at timestamptz not null
);
create unique index reading_review_key on desk.reading_review (organisation, person, signal, day, pupil)
    nulls not distinct;
grant select, insert on desk.reading_review to cydlynu_append;

-- Emergency access of one person; null: of the whole organisation.
alter table log.pupil_access add column person uuid;

-- Who of an organisation may still see a restricted file, and who may never see one because of an interest. The read role
-- has nothing here: whose family a pupil belongs to is nobody's business.
create table log.restricted_pupil (
    pupil uuid not null,
    organisation uuid not null,
    roles text[] not null,
    people uuid[] not null,
    lifted boolean not null,
    primary key (pupil, organisation)
);
create index restricted_pupil_organisation on log.restricted_pupil (organisation) where not lifted;
create table log.interest (
    interest uuid primary key,
    pupil uuid not null,
    organisation uuid not null,
    person uuid not null,
    ended boolean not null
);
create index interest_person on log.interest (person) where not ended;
create index interest_pupil on log.interest (pupil);
grant select, insert, update on log.restricted_pupil, log.interest to cydlynu_append;

-- The files of one child, from any of them.
create function log.files_of(pupils uuid[]) returns uuid[]
language sql stable set search_path = log, pg_temp as $$
    select coalesce(array_agg(distinct f), '{}')
    from unnest($1) p
    left join log.joined_pupil own on own.pupil = p
    cross join lateral (
        select p as f
        union all select coalesce(own.child, p)
        union all select j.pupil from log.joined_pupil j where j.child = coalesce(own.child, p)
    ) g
$$;

-- The files that a person has an interest in, and so never sees.
create function log.own_interests(person uuid) returns uuid[]
language sql stable security definer set search_path = log, pg_temp as $$
    select log.files_of(array(select i.pupil from log.interest i where i.person = $1 and not i.ended))
$$;

-- The files hidden from somebody of an organisation: those, and the restricted ones, unless they are named or have
-- opened one in an emergency at this instant.
create function log.hidden_pupils(organisation uuid, role text, person uuid, now timestamptz) returns uuid[]
language sql stable security definer set search_path = log, pg_temp as $$
    select log.files_of(array(
        select i.pupil from log.interest i where i.person = $3 and not i.ended
        union
        select r.pupil from log.restricted_pupil r
        where r.organisation = $1 and not r.lifted and not ($2 = any (r.roles) or $3 = any (r.people))
            and not exists (
                select from log.pupil_access a
                where a.pupil = any (log.files_of(array[r.pupil])) and a.organisation = $1 and a.person = $3
                    and a.basis = 'emergency' and a.closes_at > $4
            )
    ))
$$;

-- Whether some organisation sees the open referral, those in `closed` left out, and not only in an emergency. The read role itself sees the access
-- rows of the viewer's organisation only.
create function log.referral_seen(pupil uuid, referral uuid, today date, closed uuid[]) returns boolean
language sql stable security definer set search_path = log, pg_temp as $$
    select exists (
        select from log.pupil_access a
        where a.pupil = $1 and a.opened_on <= $3 and (a.closed_on is null or a.closed_on > $3)
            and (a.ground = $2 or a.basis in
                ('registration', 'no_roll', 'disputed_request', 'confidential_request'))
            and not a.organisation = any ($4)
    )
$$;

-- The day on which all access of an organisation (null service: of all its services) on a ground was closed; told to that
-- organisation, and to those that hold the file.
create function log.access_closed_on(pupil uuid, organisation uuid, ground uuid, service uuid) returns date
language sql stable security definer set search_path = log, pg_temp as $$
    select case when bool_and(a.closed_on is not null) then max(a.closed_on) end
    from log.pupil_access a
    where a.pupil = $1 and a.organisation = $2 and a.ground = $3 and ($4 is null or a.service = $4)
        and exists (
            select from log.pupil_access h
            where h.pupil = $1 and h.organisation = nullif(current_setting('cydlynu.organisation', true), '')::uuid
                and (h.organisation = $2
                    or h.basis in ('registration', 'no_roll', 'disputed_request', 'confidential_request'))
        )
$$;

revoke all on function log.files_of(uuid[]) from public;
revoke all on function log.own_interests(uuid) from public;
revoke all on function log.hidden_pupils(uuid, text, uuid, timestamptz) from public;
revoke all on function log.referral_seen(uuid, uuid, date, uuid[]) from public;
revoke all on function log.access_closed_on(uuid, uuid, uuid, uuid) from public;
grant execute on function log.files_of(uuid[]) to cydlynu_append;
grant execute on function log.own_interests(uuid) to cydlynu_append;
grant execute on function log.hidden_pupils(uuid, text, uuid, timestamptz) to cydlynu_append, cydlynu_read;
grant execute on function log.referral_seen(uuid, uuid, date, uuid[]) to cydlynu_read;
grant execute on function log.access_closed_on(uuid, uuid, uuid, uuid) to cydlynu_read;

-- The read role sees the access rows of the viewer's organisation, at a desk that sees cases.
alter table log.pupil_access enable row level security;
create policy pupil_access_append on log.pupil_access to cydlynu_append using (true) with check (true);
create policy pupil_access_of_the_viewer on log.pupil_access for select to cydlynu_read using (
    organisation = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and (select current_setting('cydlynu.desk', true)) in ('school', 'teacher', 'agency', 'caseworker')
);
