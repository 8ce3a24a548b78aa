-- When the worker last said that it goes on, and when it had last read everything on the record.
create table desk.heartbeat (
    program text primary key,
    at timestamptz not null,
    caught_up_at timestamptz
);
grant select, insert, update on desk.heartbeat to cydlynu_append;

-- Since when the read models have lacked what is on the record, for a reader who stands at a position and may see
-- neither the record nor the desk: null when they lack nothing.
create function log.behind_since(standing bigint) returns timestamptz
language sql stable security definer set search_path = pg_catalog as $$
    select b.caught_up_at from desk.heartbeat b
    where b.program = 'worker' and (select max(e.notification_id) from log.event e) > standing
$$;
revoke execute on function log.behind_since(bigint) from public;
grant execute on function log.behind_since(bigint) to cydlynu_read;
