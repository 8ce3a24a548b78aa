-- Which referrals have a place of a resource base or specialist class, offered or taken up: counted by the next decision
-- about the base. The place itself is on the pupil's stream. Ids only.
create table desk.place_taken (
    referral uuid primary key,
    service uuid not null,
    state text not null check (state in ('offered', 'placed'))
);
create index place_taken_service on desk.place_taken (service);

grant select, insert, update, delete on desk.place_taken to cydlynu_append;
