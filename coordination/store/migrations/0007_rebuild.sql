-- Read models made anew because somebody asked: one at a time, taken up by the worker that leads.
create table desk.rebuild (
    rebuild uuid primary key,
    asked_by uuid not null,
    asked_at timestamptz not null,
    state text not null default 'asked' check (state in ('asked', 'running', 'done', 'failed', 'broken_off')),
    -- how often a worker began with it
    attempts smallint not null default 0,
    begun_at timestamptz,
    ended_at timestamptz,
    -- the log position reached, and the one to be reached when it began
    position bigint not null default 0,
    goal bigint,
    -- the tables that were not the same before and after; of one that failed, the kind of problem with its place
    differing text[],
    problem text
);
create unique index rebuild_one_at_a_time on desk.rebuild ((true)) where state in ('asked', 'running');
create index rebuild_asked_at on desk.rebuild (asked_at);

grant select, insert, update on desk.rebuild to cydlynu_append;
