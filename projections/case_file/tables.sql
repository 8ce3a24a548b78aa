-- The access that the viewer's organisation has now. A school's rests on registration, that of a service of an agency on
-- what was disclosed to it (`ground`; without a service: to the whole agency); emergency access ends at an instant. A confidential request is for the authority's
-- safeguarding person alone, who in turn sees nothing else. It reads log.pupil_access itself, so what is closed there
-- is closed at once.
create view open_access with (security_invoker = true) as
select pupil, ground, basis
from log.pupil_access
where organisation = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and opened_on <= (select nullif(current_setting('cydlynu.today', true), '')::date)
    and (closed_on is null or closed_on > (select nullif(current_setting('cydlynu.today', true), '')::date))
    and (person is null or person = (select nullif(current_setting('cydlynu.person', true), '')::uuid))
    and (closes_at is null or closes_at > (select nullif(current_setting('cydlynu.now', true), '')::timestamptz))
    and (service is null or (select coalesce(current_setting('cydlynu.whole_agency', true), '') = 'yes')
        or service = any ((select nullif(current_setting('cydlynu.services', true), '')::uuid[])::uuid[]))
    and (basis = 'confidential_request')
        = (select coalesce(current_setting('cydlynu.role', true), '') = 'la_safeguarding');

-- Each pupil with the schools whose roll they are on, and the one that leads. No name stands in any table: `identity` has the ciphertext.
create table pupil (
    pupil uuid primary key,
    schools uuid[] not null,
    leading_school uuid,
    -- the year group last recorded, and the day on which it was right: it goes on with the school years
    year smallint,
    year_on date,
    -- the pupil came by a confidential move: agencies do not learn to which school
    confidential boolean not null
);

-- Which files are of one child, from one position of the log to another: `pupil` follows `child`. Nothing is copied: a
-- row stays under the stream on which it was recorded, and the child beside it is found here.
create table joined (
    pupil uuid not null,
    known_from bigint not null,
    child uuid not null,
    known_to bigint,
    primary key (pupil, known_from)
);
create index joined_standing on joined (pupil) where known_to is null;
create index joined_child on joined (child) where known_to is null;

-- The version of a stream before which names, contacts and words are withheld, because the identity was replaced.
create table replaced (
    pupil uuid primary key,
    version bigint not null
);

-- A school's roll, past pupils included: where the lists of a school begin.
create table roll (
    school uuid not null,
    pupil uuid not null,
    from_on date not null,
    until date,
    primary key (school, pupil)
);
create index roll_pupil on roll (pupil);

-- What went to which service for what; the newest disclosure for a ground. Its data classes gate the rows below.
create table disclosure (
    pupil uuid not null,
    agency uuid not null,
    ground uuid not null,
    -- the service; the agency itself where the whole of it was told
    recipient uuid not null,
    service uuid,
    version bigint not null,
    made_on date not null,
    data_classes text[] not null,
    lawful_basis text not null,
    consent uuid,
    subject text not null,
    -- the sharing has stopped: what was recorded after this version of the stream is not shown
    until_version bigint,
    stopped_on date,
    stopped_because text,
    primary key (pupil, agency, ground, recipient)
);

-- A minute belongs to the school that took it (its named staff, also after the pupil has left). It goes to services by
-- disclosures of their own; `agencies` are those that read a minute from before disclosures.
create table minute (
    minute uuid primary key,
    pupil uuid not null,
    meeting uuid not null,
    item uuid,
    school uuid not null,
    services uuid[] not null,
    agencies uuid[] not null,
    last_version bigint not null
);
create index minute_pupil on minute (pupil);
create index minute_meeting on minute (meeting);

-- What is to be done, by its one owner. What it is stands, sealed, with its first entry of the timeline.
create table action (
    action uuid primary key,
    pupil uuid not null,
    school uuid not null,
    owner_organisation uuid,
    owner_service uuid,
    owner_person uuid,
    agreed_on date not null,
    due_on date,
    meeting uuid,
    minute uuid,
    ended text,
    ended_on date,
    last_version bigint not null
);
create index action_pupil on action (pupil);
create index action_meeting on action (meeting) where meeting is not null;
-- an agency reads what it still has to do
create index action_owner on action (owner_organisation) where ended is null;

-- Where the newest ciphertext of the identity, and of the language wish, stands (`kind`). Besides the school it is
-- for an agency to which the identity was disclosed, that was in the room for the pupil, or that has something to do.
create table identity (
    pupil uuid not null,
    kind text not null,
    version bigint not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, kind)
);

-- Every version of the identity: what is final is read again with the name that it had (`position` in the log).
create table identity_version (
    pupil uuid not null,
    version bigint not null,
    position bigint not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, version)
);

-- The schools that had the pupil on their roll while a version of the identity stood: in their own record of meetings
-- and challenges they go on reading the name as it was then.
create table identity_known (
    pupil uuid not null,
    version bigint not null,
    school uuid not null,
    primary key (pupil, version, school)
);

-- Codes that tell of health, opened by the projector and blank once the stream is erased: needs, provision,
-- looked_after (`field`).
create table coded (
    pupil uuid not null,
    field text not null,
    codes text[] not null,
    since date not null,
    version bigint not null,
    primary key (pupil, field)
);

create table contact (
    pupil uuid not null,
    contact uuid not null,
    parental_responsibility boolean not null,
    version bigint not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, contact)
);

create table contact_end (
    pupil uuid not null,
    contact uuid not null,
    ended_on date not null,
    primary key (pupil, contact)
);

-- What the child or a parent said, in their own words (ciphertext). To an agency: what had been said when views were
-- disclosed to it.
create table said (
    pupil uuid not null,
    version bigint not null,
    whose text not null,
    language text not null,
    contact uuid,
    said_on date not null,
    topic text not null,
    sealed text not null,
    primary key (pupil, version)
);

-- Each question whether data may be shared, and where it stands. The school's; to the agency that it is about only
-- while something disclosed to it rests on it.
create table consent (
    consent uuid primary key,
    pupil uuid not null,
    agency uuid not null,
    -- the service, and those for which it sorts referrals; null: the whole agency, or recorded before agreements were for
    -- a service
    service uuid,
    whole_agency boolean not null,
    also_services uuid[] not null,
    purpose text not null,
    standing text not null,
    since date not null,
    contact uuid,
    expires_on date,
    data_classes text[] not null,
    last_version bigint not null
);
create index consent_pupil on consent (pupil);

-- The lawful basis recorded for sharing with a service, or with an agency (`recipient`); public task where there is no
-- row.
create table lawful_basis (
    pupil uuid not null,
    agency uuid not null,
    recipient uuid not null,
    service uuid,
    basis text not null,
    recorded_on date not null,
    version bigint not null,
    primary key (pupil, agency, recipient)
);

-- A referral as it stands: ids, days and states only, so that an auditor may count it.
create table referral (
    referral uuid primary key,
    pupil uuid not null,
    school uuid not null,
    authority uuid,
    service uuid not null,
    agency uuid not null,
    phase text not null,
    since date,
    ended boolean not null,
    in_error boolean not null,
    opened_on date not null,
    received_on date,
    priority text not null,
    immediate_risk boolean not null,
    legal_route text not null,
    basis text not null,
    year smallint,
    -- the clock that runs: of the first standard of the service whose clock has started and not stopped
    standard text,
    clock_from date,
    due_on date,
    -- the clock without a limit that runs, and since when: not_sent, not_received, or none (the service has no standard)
    open_clock text,
    open_from date,
    -- the standard whose clock runs without a last day, because the terms of the school are not known that far
    terms_unknown text,
    -- whose move it is, from which day on; null when the referral has ended
    move_party text,
    move_from date,
    -- where it is known already whose move it will be: the last of these begun by today, if one has
    ahead_party text[],
    ahead_from date[],
    -- milestones that the school reported: not answered yet by the agency, and contested by it
    unconfirmed smallint not null,
    contested smallint not null,
    -- what the service asks for and did not come with the referral; null: nothing
    missing text[],
    last_version bigint not null,
    -- since when somebody of the agency has it; who that is, is the agency's own matter
    allocated_on date,
    -- the authority that holds the file while the pupil is on no school's roll, and since when
    held_by uuid,
    no_roll_from date
);
create index referral_pupil on referral (pupil);
create index referral_agency on referral (agency, service) where not ended;

-- To whom of its people the service that holds it allocated a referral: nobody else is told.
create table allocation (
    referral uuid primary key,
    pupil uuid not null,
    agency uuid not null,
    service uuid not null,
    person uuid not null
);
create index allocation_person on allocation (person);

-- Who recorded what: one row for each event of a pupil, ids and clear fields only; rows are never changed. `thing` is
-- the contact, consent, referral, minute or action that it is about; `service` and `agency` those that held the
-- referral then, or the agency that the agreement is about.
create table timeline (
    pupil uuid not null,
    version bigint not null,
    position bigint not null,
    topic text not null,
    matter text not null,
    thing uuid,
    occurred_on date not null,
    recorded_at timestamptz not null,
    person uuid not null,
    organisation uuid not null,
    role text not null,
    on_behalf_of uuid,
    source text not null,
    service uuid,
    agency uuid,
    supersedes bigint,
    clear jsonb not null,
    primary key (pupil, version)
);
-- rows come in the order of recording
create index timeline_recorded on timeline using brin (recorded_at) with (pages_per_range = 16);
-- what changed since a position is asked for in this order
create index timeline_position on timeline (position);

-- The ciphertext of an entry, apart from it: an auditor and an operator see who recorded what, and never this.
create table seal (
    pupil uuid not null,
    version bigint not null,
    -- for a service too that takes the referral on later, as far as the agreement goes
    handed_on boolean not null,
    sealed text not null,
    primary key (pupil, version)
);

-- What later came upon an entry: `kind` superseded, or standing with what the agency `says` (confirmed, contested).
create table mark (
    pupil uuid not null,
    version bigint not null,
    kind text not null,
    by_version bigint not null,
    says text,
    primary key (pupil, version, kind)
);

-- Who recorded what on the other streams: meetings, challenges, organisations. Ids only.
create table recorded (
    position bigint primary key,
    stream uuid not null,
    version bigint not null,
    kind text not null,
    topic text not null,
    occurred_on date not null,
    recorded_at timestamptz not null,
    person uuid not null,
    organisation uuid not null,
    role text not null,
    on_behalf_of uuid,
    source text not null
);
create index recorded_recorded on recorded using brin (recorded_at) with (pages_per_range = 16);
