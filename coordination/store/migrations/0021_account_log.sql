-- What happened to which account, and by whom: one row for each change, never changed and never removed. Ids and codes
-- only, no names. Without `by_person` the service did it by itself; `by_organisation` is where that person worked then.
create table desk.account_log (
    entry bigint generated always as identity primary key,
    at timestamptz not null,
    account uuid not null,
    person uuid not null,
    by_person uuid,
    by_organisation uuid,
    what text not null check (what ~ '^[a-z][a-z_]{0,59}$'),
    detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object')
);
create index account_log_account on desk.account_log (account, entry);
create index account_log_person on desk.account_log (person, entry);

create trigger account_log_append_only before update or delete on desk.account_log
    for each row execute function log.refuse_change();
create trigger account_log_no_truncate before truncate on desk.account_log
    for each statement execute function log.refuse_change();

grant select, insert on desk.account_log to cydlynu_append;
