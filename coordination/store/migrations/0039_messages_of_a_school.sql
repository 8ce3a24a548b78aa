-- On behalf of which school a message goes. One that did not arrive is that school's task, until it says that the
-- recipient was told by other means.
alter table desk.outbox
    add column school uuid,
    add column settled_at timestamptz,
    add column settled_by uuid,
    add check ((settled_at is null) = (settled_by is null)),
    add check (settled_at is null or given_up_at is not null or bounced_at is not null);
create index outbox_school_trouble on desk.outbox (school)
    where (given_up_at is not null or bounced_at is not null) and settled_at is null;
