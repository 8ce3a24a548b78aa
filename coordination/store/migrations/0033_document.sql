-- The bytes of documents, each sealed with a key of its own: the row of log.stream_key under the document's id, which is
-- also the stream of its event `document.attached`. Erasing any pupil that it names destroys that key; the ciphertext
-- stays, and opens nowhere.
create table log.document (
    document uuid primary key,
    -- every pupil that it concerns; none where it concerns nobody by name
    pupils uuid[] not null,
    attached_at timestamptz not null,
    ciphertext bytea not null
);
-- ciphertext does not shrink
alter table log.document alter column ciphertext set storage external;
create index document_pupils on log.document using gin (pupils);
create trigger document_append_only before update or delete on log.document
    for each row execute function log.refuse_change();
create trigger document_no_truncate before truncate on log.document
    for each statement execute function log.refuse_change();
grant select, insert on log.document to cydlynu_append;

-- A document is attached while every pupil that it names has a key. The lock makes an erasure at the same moment wait, and
-- then find the document.
create function log.hold_pupils() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    held bigint;
begin
    perform from log.stream_key where stream = any (new.pupils) for key share;
    get diagnostics held = row_count;
    if held < cardinality(new.pupils) then
        raise exception 'a pupil of the document was erased'
            using errcode = 'foreign_key_violation', constraint = 'document_pupils';
    end if;
    return new;
end $$;
revoke all on function log.hold_pupils() from public;
create trigger document_pupils before insert on log.document
    for each row execute function log.hold_pupils();

-- The ledger covers the bytes: a leaf of a row hashes its ids, its time and the hash of its ciphertext.
create function log.document_leaf() returns trigger language plpgsql as $$
declare
    one log.document := case when tg_op = 'DELETE' then old else new end;
begin
    perform pg_advisory_xact_lock(7521932462);
    insert into log.leaf (number, source, change, key, save, digest)
    values (coalesce((select l.number from log.leaf l order by l.number desc limit 1), 0) + 1,
            'document', lower(tg_op), one.document,
            nullif(current_setting('cydlynu.save', true), '')::bigint,
            sha256(convert_to(concat_ws(' ', one.document, one.pupils::text, extract(epoch from one.attached_at)),
                              'UTF8') || sha256(one.ciphertext)));
    return null;
end $$;
create constraint trigger document_leaf after insert or update or delete on log.document
    deferrable initially deferred for each row execute function log.document_leaf();

-- As in migration 0022, and the keys of every document that names an erased pupil. They come after the pupils' own keys,
-- whose rows an attaching transaction holds: what it attached is found here.
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
    for held in
        select a.attrelid from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'desk'::regnamespace and c.relkind = 'r' and a.attname = 'pupil'
          and a.atttypid = 'uuid'::regtype and not a.attisdropped
    loop
        execute format('delete from %s where pupil = any ($1)', held) using streams;
    end loop;
    delete from desk.doubt where other = any (streams);
end $$;
