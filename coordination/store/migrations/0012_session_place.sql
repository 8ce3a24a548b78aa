-- The desk that a signed-in person has chosen: where they work, in which role, and in which service of an agency. Null:
-- the place of the account.
alter table desk.session
    add column organisation uuid,
    add column role text check (role ~ '^[a-z][a-z_]{0,39}$'),
    add column service uuid,
    add check ((organisation is null) = (role is null)),
    add check (service is null or organisation is not null);
