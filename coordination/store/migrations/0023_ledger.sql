-- The ledger: an RFC 6962 Merkle tree over everything that a save writes. A leaf is the hash of one row change. The
-- leaves are stored by triggers when a transaction commits, under the save's lock, so their numbers have no gap and no
-- later leaf has a lower number. Nodes are made with a head (coordination/store/ledger/).

-- The look-ups hold keyed hashes of personal data. Each row gets a random id: it names the row in the ledger, and as part
-- of what is hashed it keeps the leaf of a deleted row from being found again by trying names.
alter table log.pupil_upn add column row_id uuid not null default gen_random_uuid();
alter table log.pupil_likeness add column row_id uuid not null default gen_random_uuid();
alter table log.referral_ref add column row_id uuid not null default gen_random_uuid();

-- `source`: the table, without its schema; `save` for a whole save from before this migration. `change`: insert, update,
-- delete, or taken_over (a row from before). `key` names the row. `save` is the position of the save that made the change:
-- null for work of the service itself that appends no event. `digest` is SHA-256 of the row.
create table log.leaf (
    number bigint primary key,
    source text collate "C" not null,
    change text collate "C" not null,
    key text collate "C" not null,
    save bigint,
    digest bytea not null
);
create trigger leaf_append_only before update or delete or truncate on log.leaf
    for each statement execute function log.refuse_change();

-- The hashes of complete subtrees of 256 leaves (level 8) and more; those below are quickly made from the leaves.
create table log.node (
    level smallint not null,
    place bigint not null,
    hash bytea not null,
    primary key (level, place)
);

-- The signed heads: `text` is what was signed, `signature` by the Ed25519 key `key`, which is outside the database.
create table log.head (
    size bigint not null,
    made_at timestamptz not null,
    root bytea not null,
    position bigint not null,
    text text not null,
    key bytea not null,
    signature bytea not null,
    primary key (size, made_at)
);
create trigger head_append_only before update or delete or truncate on log.head
    for each statement execute function log.refuse_change();

-- Logs that are written outside saves are chained in batches by the worker; each batch is a leaf.
create table log.batch (
    source text not null,
    number bigint not null,
    first_entry bigint not null,
    last_entry bigint not null,
    entries bigint not null,
    digest bytea not null,
    chain bytea not null,
    primary key (source, number)
);
create trigger batch_append_only before update or delete or truncate on log.batch
    for each statement execute function log.refuse_change();

-- Each trigger stores one leaf. The lock puts the transactions that write leaves in a row until each has committed.

-- The hash of an event: its stream, version, topic and the bytes of its state.
create function log.event_leaf() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7521932462);
    insert into log.leaf (number, source, change, key, save, digest)
    values (coalesce((select l.number from log.leaf l order by l.number desc limit 1), 0) + 1,
            'event', 'insert', new.notification_id, nullif(current_setting('cydlynu.save', true), '')::bigint,
            sha256(convert_to(new.originator_id || ':' || new.originator_version || ':' || new.topic || ':'
                              || length(new.state) || ':', 'UTF8') || new.state));
    return null;
end $$;

create function log.command_leaf() returns trigger language plpgsql as $$
declare
    one log.command := case when tg_op = 'DELETE' then old else new end;
begin
    perform pg_advisory_xact_lock(7521932462);
    insert into log.leaf (number, source, change, key, save, digest)
    values (coalesce((select l.number from log.leaf l order by l.number desc limit 1), 0) + 1,
            'command', lower(tg_op), one.organisation || ' ' || one.command_id,
            nullif(current_setting('cydlynu.save', true), '')::bigint,
            sha256(convert_to(one.organisation || ' ' || one.stream || ' ' || one.version || ' ' || one.command_id,
                              'UTF8') || one.digest));
    return null;
end $$;

-- Any other row: as JSON without its nulls, so that a new column that is null changes nothing. The arguments are the
-- columns that name the row.
create function log.row_leaf() returns trigger
language plpgsql set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    held jsonb := jsonb_strip_nulls(to_jsonb(case when tg_op = 'DELETE' then old else new end));
    name text;
    key text;
begin
    foreach name in array tg_argv loop
        key := concat_ws(' ', key, held ->> name);
    end loop;
    perform pg_advisory_xact_lock(7521932462);
    insert into log.leaf (number, source, change, key, save, digest)
    values (coalesce((select l.number from log.leaf l order by l.number desc limit 1), 0) + 1,
            tg_table_name, lower(tg_op), key, nullif(current_setting('cydlynu.save', true), '')::bigint,
            sha256(convert_to(held::text, 'UTF8')));
    return null;
end $$;

-- Lets the ledger cover a table of schema log from now on, with a leaf for each row that it has. A later migration calls
-- this for a new table, or again for a table whose rows it changed in shape (drop the triggers first).
create function log.cover(covered text, variadic names text[]) returns void
language plpgsql set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
    key text;
    there text[];
begin
    if to_regclass(format('log.%I', covered)) is null then
        return;
    end if;
    select array_agg(n order by place) into there from unnest(names) with ordinality as u(n, place)
    where exists (select from pg_attribute where attrelid = to_regclass(format('log.%I', covered)) and attname = n);
    key := (select string_agg(quote_literal(n), ', ') from unnest(there) as n);
    execute format('create constraint trigger %I after insert or delete on log.%I deferrable initially deferred'
        ' for each row execute function log.row_leaf(%s)', covered || '_leaf', covered, key);
    execute format('create constraint trigger %I after update on log.%I deferrable initially deferred'
        ' for each row when (old.* is distinct from new.*) execute function log.row_leaf(%s)',
        covered || '_changed', covered, key);
    execute format('insert into log.leaf (number, source, change, key, digest)'
        ' select coalesce((select max(number) from log.leaf), 0) + row_number() over (order by k), %L, ''taken_over'', k, d'
        ' from (select concat_ws('' '', %s) k,'
        ' sha256(convert_to(jsonb_strip_nulls(to_jsonb(t))::text, ''UTF8'')) d from log.%I t) as held',
        covered, (select string_agg(format('t.%I', n), ', ') from unnest(there) as n), covered);
end $$;

-- Each save from before is one leaf: its digest of then.
insert into log.leaf (number, source, change, key, digest)
select row_number() over (order by position), 'save', 'taken_over', position::text, digest from log.ledger;
insert into log.leaf (number, source, change, key, digest)
select coalesce((select max(number) from log.leaf), 0) + row_number() over (order by organisation, command_id),
       'command', 'taken_over', organisation || ' ' || command_id,
       sha256(convert_to(organisation || ' ' || stream || ' ' || version || ' ' || command_id, 'UTF8') || digest)
from log.command;

create constraint trigger event_leaf after insert on log.event deferrable initially deferred
    for each row execute function log.event_leaf();
create constraint trigger command_leaf after insert or update or delete on log.command deferrable initially deferred
    for each row execute function log.command_leaf();
select log.cover('stream_key', 'stream');
select log.cover('pupil_access', 'pupil', 'organisation', 'ground', 'service');
select log.cover('pupil_upn', 'row_id');
select log.cover('pupil_likeness', 'row_id');
select log.cover('referral_ref', 'row_id');
select log.cover('joined_pupil', 'pupil');
select log.cover('withheld_before', 'stream');
select log.cover('organisation', 'stream');
select log.cover('service_code', 'code');
select log.cover('store', 'id');
select log.cover('batch', 'source', 'number');

revoke execute on function log.cover(text, text[]) from public;
grant select, insert on log.leaf, log.node, log.head, log.batch to cydlynu_append;
