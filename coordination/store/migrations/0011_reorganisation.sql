-- How far the worker has come with what the directory says of a closed school or a reorganised service: of which school
-- or service, how many events it has recorded, how many pupils, meetings or referrals are left, and how many of them wait
-- for an agreement to share. Numbers only. Nothing depends on it: what is left is found from the record each time.
create table desk.reorganisation (
    subject uuid primary key,
    done integer not null,
    remaining integer not null,
    without_basis integer not null,
    updated_at timestamptz not null
);

grant select, insert, update on desk.reorganisation to cydlynu_append;
