-- Up to which position of the log a copy of the database must have come before it may be read by whom: the last save of
-- each person (or token, or link), so that they find what they saved; and of all together (id of zeros) the last save
-- that changed who may see whom, so that nobody sees what was just closed to them.
create table desk.last_save (
    person uuid primary key,
    position bigint not null
) with (fillfactor = 50);

grant select, insert, update on desk.last_save to cydlynu_append;
