-- Printed forms for families. The code is printed on the form and is no secret; what the form asks is on the record.
create table desk.paper_form (
    form uuid primary key,
    code text not null unique check (code ~ '^[0-9A-Z]{8}$'),
    pupil uuid not null,
    -- null: for the pupil
    contact uuid,
    school uuid not null,
    made_by uuid not null,
    made_at timestamptz not null,
    -- the reply was typed in
    answered_at timestamptz,
    cancelled_at timestamptz
);
create index paper_form_pupil on desk.paper_form (pupil);
grant select, insert, update, delete on desk.paper_form to cydlynu_append;

-- Replies on paper that nobody could match to a pupil yet. What the paper says is sealed under a key of its own.
create table desk.paper_reply (
    reply uuid primary key,
    school uuid not null,
    received_on date not null,
    typed_by uuid not null,
    typed_at timestamptz not null,
    wrapped bytea,
    wrapped_by text,
    sealed bytea,
    -- matched to a pupil by whom; or set aside, because it is of no pupil of the school
    pupil uuid,
    matched_by uuid,
    matched_at timestamptz,
    set_aside_at timestamptz,
    check ((sealed is null) = (wrapped is null)),
    check (matched_at is null or set_aside_at is null)
);
create index paper_reply_waiting on desk.paper_reply (school, received_on)
    where matched_at is null and set_aside_at is null;
create index paper_reply_pupil on desk.paper_reply (pupil) where pupil is not null;
grant select, insert, update, delete on desk.paper_reply to cydlynu_append;

-- The cards "Whose turn is it?" that a family receives, renewed while the row is open.
create table desk.family_card (
    card uuid primary key,
    pupil uuid not null,
    contact uuid not null,
    school uuid not null,
    -- by email with a link, or printed by the school
    by_mail boolean not null,
    begun_by uuid not null,
    begun_at timestamptz not null,
    issued_at timestamptz not null,
    ended_at timestamptz
);
create unique index family_card_open on desk.family_card (pupil, contact) where ended_at is null;
create index family_card_due on desk.family_card (issued_at) where ended_at is null;
grant select, insert, update, delete on desk.family_card to cydlynu_append;
