-- Which store this is. A copy of the data keeps the id, another store has another: a report's stamp names it.
create table log.store (
    id uuid not null default gen_random_uuid(),
    only_row boolean primary key default true check (only_row)
);
insert into log.store default values;
create trigger store_no_change before update or delete on log.store
    for each row execute function log.refuse_change();
create trigger store_no_truncate before truncate on log.store
    for each statement execute function log.refuse_change();
grant select on log.store to cydlynu_append;
