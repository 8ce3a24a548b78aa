-- An erasure takes with it who had declared an interest in the child. Everything else is as in 0033.
create or replace function log.destroy_keys(streams uuid[]) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    held regclass;
begin
    delete from log.stream_key where stream = any (streams);
    delete from log.stream_key where stream in (select d.document from log.document d where d.pupils && streams);
    delete from log.pupil_upn where stream = any (streams);
    delete from log.pupil_likeness where stream = any (streams);
    delete from log.referral_ref where pupil = any (streams);
    delete from log.interest where pupil = any (streams);
    for held in
        select a.attrelid from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'desk'::regnamespace and c.relkind = 'r' and a.attname = 'pupil'
          and a.atttypid = 'uuid'::regtype and not a.attisdropped
    loop
        execute format('delete from %s where pupil = any ($1)', held) using streams;
    end loop;
    delete from desk.doubt where other = any (streams);
end $$;

-- Those of records erased before.
delete from log.interest i
where exists (select from log.event e where e.originator_id = i.pupil and e.topic = 'pupil.erased');
