-- The numbers and files of a child. A number that a child had before stays as a look-up, marked former; a current number
-- is one child's only, and may be a former one of another. After an adoption the earlier numbers are withheld: nobody
-- finds the child by them. Which of several numbers of one stream is the current one stands sealed in its events: the
-- next start marks the others (coordination/store/numbers.py).
alter table log.pupil_upn add column former boolean not null default false;
alter table log.pupil_upn add column withheld boolean not null default false;
alter table log.pupil_upn drop constraint pupil_upn_pkey;
alter table log.pupil_upn add primary key (upn_hmac, stream);
create unique index pupil_upn_current on log.pupil_upn (upn_hmac) where not former;
create index pupil_upn_stream on log.pupil_upn (stream);
grant update (former, withheld) on log.pupil_upn to cydlynu_append;

-- Which file of a child leads; null: it was separated again.
create table log.joined_pupil (
    pupil uuid primary key,
    child uuid
);
create index joined_pupil_child on log.joined_pupil (child) where child is not null;

-- The version of a stream before which names, contacts and words are withheld: the identity was replaced.
create table log.withheld_before (
    stream uuid primary key,
    version bigint not null,
    -- when that was recorded: what was typed before it and not sent is withheld too
    since timestamptz not null
);

-- Nor by the earlier names.
alter table log.pupil_likeness add column withheld boolean not null default false;
grant update (withheld) on log.pupil_likeness to cydlynu_append;

grant select, insert, update on log.joined_pupil, log.withheld_before to cydlynu_append;
