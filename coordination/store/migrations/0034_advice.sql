-- Erasure of an advice conversation. Its key goes with the record of the pupil it was about, or when its time is over.
create or replace function log.erase(streams uuid[]) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from unnest(streams) as asked(stream)
        where not exists (
            select from log.event e
            where e.originator_id = asked.stream and e.topic in ('pupil.erased', 'advice.erased')
        )
    ) then
        raise exception 'no erasure is recorded' using errcode = 'insufficient_privilege';
    end if;
    perform log.destroy_keys(streams);
end $$;

create index event_advice_erased on log.event (notification_id) where topic = 'advice.erased';
-- Conversations by age, for the erasure of those whose time is over, without reading the whole log.
create index event_advice_asked on log.event (notification_id) where topic = 'advice.asked';
