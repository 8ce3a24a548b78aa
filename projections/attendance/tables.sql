-- A meeting as it stands; nothing here is about a pupil.
create table meeting (
    meeting uuid primary key,
    school uuid not null,
    authority uuid,
    kind text not null,
    series uuid,
    held_on date not null,
    -- local times; null: not said
    starts_at time,
    ends_at time,
    quorum smallint,
    chair uuid,
    cancelled boolean not null,
    agenda_sent_on date,
    next_on date,
    -- 0: not finalised
    minutes_version smallint not null,
    -- 0: not approved; the version that was approved last
    approved_version smallint not null,
    -- parties marked present
    present smallint not null,
    items smallint not null,
    minutes smallint not null,
    -- actions without an owner or without a due date
    actions_unsettled smallint not null,
    -- the organisations invited or marked
    organisations uuid[] not null,
    -- the keys of the parties invited or marked: services, people, organisations as a whole
    parties uuid[] not null,
    last_version bigint not null
);
create index meeting_school on meeting (school, held_on);
create index meeting_series on meeting (series) where series is not null;

-- What was done with a meeting, in order. `shared`: for those invited and the authority too, not the school alone.
create table meeting_step (
    meeting uuid not null,
    version bigint not null,
    topic text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    position bigint not null,
    person uuid not null,
    organisation uuid not null,
    shared boolean not null,
    held_on date,
    -- local time
    starts_at time,
    minutes_version smallint,
    warnings text[] not null,
    -- the chair named, or who declared an interest, in which agenda item
    about_person uuid,
    item uuid,
    next_meeting uuid,
    primary key (meeting, version)
);

-- Sealed words with their coordinates: the meeting's name and place, reasons. `party`: about whose line.
create table meeting_text (
    meeting uuid not null,
    version bigint not null,
    topic text not null,
    sealed text not null,
    party uuid,
    organisation uuid,
    primary key (meeting, version)
);

-- One row for each meeting and party, for as long as it was known so: known_from and known_to are log positions.
create table attendance (
    meeting uuid not null,
    -- the party's key in the register: its service, else the person, else the organisation
    party uuid not null,
    known_from bigint not null,
    school uuid not null,
    authority uuid,
    agency uuid not null,
    service uuid,
    person uuid,
    -- a seat of the host's for people without an account: parents, pupil, gp, police, interpreter
    part text,
    -- what a family said about using Welsh: cy, en, both
    language text,
    -- an agency's service, or an agency as a whole: never the school's own staff, never a named employee
    in_figures boolean not null,
    kind text not null,
    held_on date not null,
    cancelled boolean not null,
    -- null: came without an invitation
    invited_on date,
    whole_meeting boolean not null,
    expected boolean not null,
    -- no_terms, short_notice, not_needed, not_delivered; null when expected or not invited
    because text,
    terms uuid,
    notice_from date,
    -- working days
    notice smallint,
    notice_required smallint,
    -- the agenda items that need the party
    items uuid[] not null,
    answer text,
    -- whether the answer is the party's own, not the school's report of it
    own_word boolean not null,
    undelivered boolean not null,
    -- the version, in the meeting's stream, of the last that was recorded of the invitation
    invitation_version bigint,
    mark text,
    -- the version, in the meeting's stream, of the line in the register
    mark_version bigint,
    known_to bigint,
    primary key (meeting, party, known_from)
);
-- a page of the log closes the rows that stand
create index attendance_standing on attendance (meeting, party) where known_to is null;
create index attendance_school on attendance (school, held_on);
create index attendance_agency on attendance (agency, held_on);
create index attendance_party on attendance (party, held_on);
create index attendance_authority on attendance (authority, held_on);

-- When a service would be expected, by ids: what a clash follows from. A meeting without an hour has no row.
create table engagement (
    meeting uuid not null,
    service uuid not null,
    known_from bigint not null,
    held_on date not null,
    -- local times; ends_at null: not said
    starts_at time not null,
    ends_at time,
    -- the first day of its notice: of the invitation, or of the move to this date
    asked_on date not null,
    invited_on date not null,
    known_to bigint,
    primary key (meeting, service, known_from)
);
create index engagement_standing on engagement (meeting, service) where known_to is null;
create index engagement_service on engagement (service, held_on);
create index engagement_day on engagement (held_on, service);

-- To how many meetings at the same time a service said it can send somebody; where it said nothing, to one.
create table capacity (
    service uuid not null,
    effective_from date not null,
    known_from bigint not null,
    effective_to date,
    people smallint not null,
    known_to bigint,
    primary key (service, effective_from, known_from)
);

-- Every marking of a register, the corrected ones too.
create table register_line (
    meeting uuid not null,
    version bigint not null,
    party uuid not null,
    organisation uuid not null,
    school uuid not null,
    mark text not null,
    -- the version of the line that this one replaces
    supersedes bigint,
    -- corrected when the meeting had been finalised
    afterwards boolean not null,
    -- local times
    arrived_at time,
    left_at time,
    substitute_for uuid,
    with_authority boolean,
    occurred_on date not null,
    recorded_at timestamptz not null,
    position bigint not null,
    marked_by uuid not null,
    primary key (meeting, version)
);

-- Which services, of which organisations, were in the room for an agenda item, by the minute about it.
create table item_heard (
    minute uuid primary key,
    meeting uuid not null,
    item uuid not null,
    organisations uuid[] not null,
    services uuid[] not null
);
create index item_heard_item on item_heard (meeting, item);

-- The agenda. It names pupils: an agency sees the items that were disclosed to it, and those of minutes that it reads;
-- of items from before disclosures those that need it, about pupils for whom it has a recorded basis; an auditor none.
create table agenda_item (
    meeting uuid not null,
    item uuid not null,
    pupil uuid not null,
    school uuid not null,
    place smallint not null,
    services uuid[] not null,
    organisations uuid[] not null,
    confirmed boolean not null,
    last_version bigint not null,
    without_names boolean not null,
    by_disclosure boolean not null,
    primary key (meeting, item)
);
create index agenda_item_pupil on agenda_item (pupil);

-- What an agency disputes of a line in a register, and what was ruled; bitemporal as attendance is.
create table mark_dispute (
    challenge uuid not null,
    dispute uuid not null,
    known_from bigint not null,
    school uuid not null,
    authority uuid,
    agency uuid not null,
    service uuid not null,
    meeting uuid not null,
    mark_version bigint not null,
    -- what the line should read, as the agency says (null: it did not say)
    claims text,
    -- the day of the dispute, or of the ruling
    since date not null,
    -- upheld (the agency is right), partly, not_upheld; null: nobody has ruled
    ruling text,
    -- what the line is to be read as; null with upheld: struck out
    reads text,
    known_to bigint,
    primary key (challenge, dispute, known_from)
);
create index mark_dispute_standing on mark_dispute (challenge, dispute) where known_to is null;
create index mark_dispute_meeting on mark_dispute (meeting, service);

-- A mark that is contested without a challenge: a row when it was contested, one when it was ruled on. `sealed` is the
-- ciphertext of the words. In mark_dispute it has the meeting for its challenge.
create table mark_contest (
    meeting uuid not null,
    contest uuid not null,
    version bigint not null,
    topic text not null,
    school uuid not null,
    authority uuid,
    agency uuid not null,
    service uuid not null,
    held_on date not null,
    mark text not null,
    claims text,
    since date not null,
    ruling text,
    reads text,
    person uuid not null,
    organisation uuid not null,
    sealed text not null,
    primary key (meeting, version)
);
create index mark_contest_meeting on mark_contest (meeting, service);
