-- Access is for a service of an agency. `service` null: for the whole organisation (a school, an authority, or an agency
-- where somebody said so).
alter table log.pupil_access add column service uuid;
alter table log.pupil_access drop constraint pupil_access_pkey;

-- What was disclosed before is for the services of the agency that had the referral then, or to which it was passed on
-- within the agency since; of something that is no referral, for nobody. Nothing becomes agency-wide.
create temporary table held on commit drop as
select e.originator_id as pupil, e.originator_version as version, (s ->> 'referral')::uuid as referral,
    coalesce(s ->> 'to_service', s ->> 'service')::uuid as service,
    coalesce(s ->> 'to_agency', s ->> 'agency')::uuid as agency
from log.event e, lateral (select convert_from(e.state, 'UTF8')::jsonb as s) as stored
where e.topic in ('referral.opened', 'referral.redirected', 'referral.service_moved');

create temporary table told on commit drop as
select e.originator_id as pupil, e.originator_version as version, (s ->> 'agency')::uuid as agency,
    (s ->> 'ground')::uuid as ground
from log.event e, lateral (select convert_from(e.state, 'UTF8')::jsonb as s) as stored
where e.topic = 'consent.disclosure_made';

insert into log.pupil_access (pupil, organisation, basis, ground, opened_on, closed_on, closes_at, service)
select distinct a.pupil, a.organisation, a.basis, a.ground, a.opened_on, a.closed_on, a.closes_at,
    coalesce(h.service, a.organisation)
from log.pupil_access a
left join lateral (
    select h.service from told t join held h
        on h.pupil = t.pupil and h.referral = t.ground and h.agency = t.agency
    where t.pupil = a.pupil and t.agency = a.organisation and t.ground = a.ground
        and (h.version > t.version or h.version = (
            select max(b.version) from held b
            where b.pupil = t.pupil and b.referral = t.ground and b.agency = t.agency and b.version < t.version
        ))
) h on true
where a.basis not in ('registration', 'no_roll', 'disputed_request', 'confidential_request', 'emergency');
delete from log.pupil_access
where service is null
    and basis not in ('registration', 'no_roll', 'disputed_request', 'confidential_request', 'emergency');

create unique index pupil_access_key on log.pupil_access (pupil, organisation, ground, service) nulls not distinct;

-- The services for which an agency's token was made. Null: of a school or an authority, or an agency's from before (all
-- services disclosed to). Empty: the whole agency, because somebody said so.
alter table desk.token add column services uuid[];
