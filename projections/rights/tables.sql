-- A proposal to erase a record that was neither declined nor carried out. `schools` are those that have or had the pupil,
-- `authorities` those that approve.
create table erasure_proposal (
    pupil uuid primary key,
    proposal uuid not null,
    ground text not null,
    approved boolean not null,
    schools uuid[] not null,
    authorities uuid[] not null,
    proposed_on date not null
);

-- A legal hold in force.
create table legal_hold (
    pupil uuid not null,
    hold uuid not null,
    schools uuid[] not null,
    authorities uuid[] not null,
    placed_on date not null,
    review_on date not null,
    primary key (pupil, hold)
);

-- A request to see or correct what a controller holds. `stopped`: its time stands still.
create table rights_request (
    request uuid primary key,
    pupil uuid not null,
    controller uuid not null,
    kind text not null,
    received_on date not null,
    stopped boolean not null,
    stopped_days integer not null,
    acknowledged_on date,
    outcome text,
    answered_on date
);
create index rights_request_controller on rights_request (controller) where outcome is null;
