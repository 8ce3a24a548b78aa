-- Requests for the file: ids, days and states. The school that asked reads its own from the desk, never from here.
create table file_request (
    request uuid primary key,
    pupil uuid not null,
    version bigint not null,
    school uuid not null,
    joined_on date not null,
    asked_on date not null,
    due_on date not null,
    confidential boolean not null,
    authority uuid,
    ground text,
    answer text,
    answered_on date
);
create index file_request_pupil on file_request (pupil) where answer is null;
create index file_request_open on file_request (asked_on) where answer is null and ground is null;

-- Emergency access of a school that asked (`request`), or of one person; `finding` once it was reviewed.
create table emergency_access (
    access uuid primary key,
    pupil uuid not null,
    version bigint not null,
    request uuid,
    organisation uuid not null,
    person uuid,
    opened_at timestamptz not null,
    closes_at timestamptz not null,
    authority uuid,
    confidential boolean not null,
    finding text,
    reviewed_on date
);
create index emergency_access_pupil on emergency_access (pupil);

-- Moves that a school expects, alone or in a list (`transfer`): proposed, agreed, fell_through, done.
create table expected_move (
    move uuid primary key,
    pupil uuid not null,
    from_school uuid not null,
    to_school uuid not null,
    expected_on date not null,
    transfer uuid,
    state text not null
);
create index expected_move_pupil on expected_move (pupil);
create index expected_move_open on expected_move (expected_on) where state in ('proposed', 'agreed');

-- The educational record of a pupil who left: one row for the former school and one for the next. `other` is the school
-- on the other side; the former school is not told it of a confidential move.
create table record_transfer (
    pupil uuid not null,
    from_school uuid not null,
    side text not null,
    school uuid not null,
    other uuid,
    left_on date not null,
    sent_on date,
    taken_on date,
    primary key (pupil, from_school, side)
);
create index record_transfer_school on record_transfer (school) where taken_on is null;
