-- Roles, schemas and who may enter them. Roles belong to the whole cluster: another database of it may have made
-- them, or be making them at this moment.
--
--   log    the record: what happened, never changed
--   read   what is known, made by the projections and made again at any time
--   desk   what replay cannot restore: password hashes, sessions, tokens, drafts, the read log

do $$
declare
    name text;
begin
    foreach name in array array['cydlynu_append', 'cydlynu_read'] loop
        begin
            if not exists (select from pg_catalog.pg_roles where rolname = name) then
                execute format('create role %I nologin', name);
            end if;
        exception
            when duplicate_object or unique_violation then null;  -- the other database was quicker
        end;
    end loop;
end
$$;

do $$
declare
    name text;
begin
    foreach name in array array['cydlynu_append', 'cydlynu_read'] loop
        for attempt in 1 .. 20 loop
            begin
                -- Whether the owner can take the role is only known by trying: since PostgreSQL 16 a membership may
                -- be there without the right to do so.
                perform set_config('role', name, true);
                perform set_config('role', 'none', true);
                exit;
            exception
                when insufficient_privilege then null;
            end;
            begin
                execute format('grant %I to current_user', name);
                exit;
            exception
                -- The same grant in another database of the cluster: 'tuple concurrently updated', or its key exists.
                when unique_violation or internal_error then perform pg_sleep(0.05);
            end;
        end loop;
    end loop;
end
$$;

create schema if not exists log;
create schema if not exists read;
create schema if not exists desk;

grant usage on schema log, read, desk to cydlynu_append, cydlynu_read;

do $$
begin
    if exists (select from pg_catalog.pg_namespace where nspname = 'public') then
        revoke create on schema public from public;
    end if;
end
$$;
