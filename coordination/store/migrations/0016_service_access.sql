-- Access is for a service of an agency. `service` null: for the whole organisation (a school, an authority, or an agency
-- where somebody said so).
alter table log.pupil_access add column service uuid;
alter table log.pupil_access drop constraint pupil_access_pkey;
create unique index pupil_access_key on log.pupil_access (pupil, organisation, ground, service) nulls not distinct;

-- The services for which an agency's token was made. Null: of a school or an authority, or an agency's from before (all
-- services disclosed to). Empty: the whole agency, because somebody said so.
alter table desk.token add column services uuid[];
