-- Erasure of a pupil's record. The append role has no right to delete a key or a look-up: it may only call `log.erase`,
-- and only for streams on which the event of their erasure is recorded, in the same transaction or before.
-- Rows of the desk are found by their column `pupil`, so that a later table is covered as soon as it has one.
create function log.destroy_keys(streams uuid[]) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    held regclass;
begin
    delete from log.stream_key where stream = any (streams);
    delete from log.pupil_upn where stream = any (streams);
    delete from log.pupil_likeness where stream = any (streams);
    delete from log.referral_ref where pupil = any (streams);
    for held in
        select a.attrelid from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'desk'::regnamespace and c.relkind = 'r' and a.attname = 'pupil'
          and a.atttypid = 'uuid'::regtype and not a.attisdropped
    loop
        execute format('delete from %s where pupil = any ($1)', held) using streams;
    end loop;
    delete from desk.doubt where other = any (streams);
end $$;
revoke all on function log.destroy_keys(uuid[]) from public;

create function log.erase(streams uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from unnest(streams) as asked(stream)
        where not exists (
            select from log.event e where e.originator_id = asked.stream and e.topic = 'pupil.erased'
        )
    ) then
        raise exception 'no erasure is recorded' using errcode = 'insufficient_privilege';
    end if;
    perform log.destroy_keys(streams);
end $$;
revoke all on function log.erase(uuid[]) from public;
grant execute on function log.erase(uuid[]) to cydlynu_append;

-- Which streams were erased, and when, without reading the whole log.
create index event_erased on log.event (notification_id) where topic = 'pupil.erased';

-- Of which pupils, referrals and other things a draft is: keyed hashes of the ids in its page's address, by which it is
-- deleted when they are erased. A draft from before has none, and is deleted with the next erasure.
alter table desk.draft add column about bytea[];
create index draft_about on desk.draft using gin (about);
