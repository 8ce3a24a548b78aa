-- The access that the viewer's organisation has today. A school's rests on registration, an agency's on what was
-- disclosed to it (`ground`). It reads log.pupil_access itself, so what is closed there is closed at once.
create view open_access with (security_invoker = true) as
select pupil, ground, basis
from log.pupil_access
where organisation = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and opened_on <= (select nullif(current_setting('cydlynu.today', true), '')::date)
    and (closed_on is null or closed_on > (select nullif(current_setting('cydlynu.today', true), '')::date));

-- Each pupil with the schools whose roll they are on. No name stands in any table: `identity` has the ciphertext.
create table pupil (
    pupil uuid primary key,
    schools uuid[] not null,
    year smallint
);
alter table pupil enable row level security;
create policy pupil_of_the_school on pupil for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = pupil.pupil and a.basis = 'registration')
);
create policy pupil_of_the_agency on pupil for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and exists (select from open_access a where a.pupil = pupil.pupil and a.basis <> 'registration')
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
alter table roll enable row level security;
create policy roll_of_the_school on roll for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = roll.pupil and a.basis = 'registration')
);

-- What went to which agency for what; the newest disclosure for a ground. Its data classes gate the rows below.
create table disclosure (
    pupil uuid not null,
    agency uuid not null,
    ground uuid not null,
    version bigint not null,
    made_on date not null,
    data_classes text[] not null,
    lawful_basis text not null,
    consent uuid,
    primary key (pupil, agency, ground)
);
alter table disclosure enable row level security;
create policy disclosure_of_the_school on disclosure for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = disclosure.pupil and a.basis = 'registration')
);
create policy disclosure_to_the_agency on disclosure for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and exists (select from open_access a where a.pupil = disclosure.pupil and a.ground = disclosure.ground)
);

-- A minute belongs to the school that took it (its named staff, while the pupil is on its roll) and to the agencies
-- whose services were present for this pupil, as the minute stands now.
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
alter table minute enable row level security;
create policy minute_of_the_named_staff on minute for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and school = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and (select current_setting('cydlynu.role', true))
        in ('alnco', 'head', 'designated_safeguarding_person', 'wellbeing_coordinator')
    and exists (
        select from open_access a
        where a.pupil = minute.pupil and a.basis = 'registration' and a.ground = minute.school
    )
);
create policy minute_of_those_present on minute for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and (select nullif(current_setting('cydlynu.organisation', true), '')::uuid) = any (agencies)
);

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
alter table action enable row level security;
create policy action_of_the_school on action for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = action.pupil and a.basis = 'registration')
);
create policy action_of_its_owner on action for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and owner_organisation = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
);

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
alter table identity enable row level security;
create policy identity_of_the_school on identity for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = identity.pupil and a.basis = 'registration')
);
create policy identity_to_the_agency on identity for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and (
        exists (select from disclosure d where d.pupil = identity.pupil and 'identity' = any (d.data_classes))
        or exists (select from minute m where m.pupil = identity.pupil)
        or exists (select from action t where t.pupil = identity.pupil and t.ended is null)
    )
);

-- Codes that tell of health, opened by the projector and blank once the stream is erased: needs, provision,
-- looked_after (`field`).
create table coded (
    pupil uuid not null,
    field text not null,
    codes text[] not null,
    since date not null,
    primary key (pupil, field)
);
alter table coded enable row level security;
create policy coded_of_the_school on coded for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = coded.pupil and a.basis = 'registration')
);
create policy coded_to_the_agency on coded for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and field <> 'looked_after'
    and exists (select from disclosure d where d.pupil = coded.pupil and 'needs' = any (d.data_classes))
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
alter table contact enable row level security;
create policy contact_of_the_school on contact for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = contact.pupil and a.basis = 'registration')
);
create policy contact_to_the_agency on contact for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and exists (select from disclosure d where d.pupil = contact.pupil and 'contact' = any (d.data_classes))
);

create table contact_end (
    pupil uuid not null,
    contact uuid not null,
    ended_on date not null,
    primary key (pupil, contact)
);
alter table contact_end enable row level security;
create policy contact_end_of_the_contact on contact_end for select to cydlynu_read using (
    exists (select from contact c where c.pupil = contact_end.pupil and c.contact = contact_end.contact)
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
alter table said enable row level security;
create policy said_of_the_school on said for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = said.pupil and a.basis = 'registration')
);
create policy said_to_the_agency on said for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and exists (
        select from disclosure d
        where d.pupil = said.pupil and d.version > said.version and 'views' = any (d.data_classes)
    )
);

-- Each question whether data may be shared, and where it stands. The school's; to the agency that it is about only
-- while something disclosed to it rests on it.
create table consent (
    consent uuid primary key,
    pupil uuid not null,
    agency uuid not null,
    purpose text not null,
    standing text not null,
    since date not null,
    contact uuid,
    expires_on date,
    data_classes text[] not null,
    last_version bigint not null
);
create index consent_pupil on consent (pupil);
alter table consent enable row level security;
create policy consent_of_the_school on consent for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = consent.pupil and a.basis = 'registration')
);
create policy consent_to_the_agency on consent for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and exists (select from disclosure d where d.pupil = consent.pupil and d.consent = consent.consent)
);

-- The lawful basis recorded for sharing with an agency; public task where there is no row.
create table lawful_basis (
    pupil uuid not null,
    agency uuid not null,
    basis text not null,
    recorded_on date not null,
    version bigint not null,
    primary key (pupil, agency)
);
alter table lawful_basis enable row level security;
create policy lawful_basis_of_the_school on lawful_basis for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = lawful_basis.pupil and a.basis = 'registration')
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
    allocated_on date
);
create index referral_pupil on referral (pupil);
create index referral_agency on referral (agency, service) where not ended;
alter table referral enable row level security;
create policy referral_of_the_school on referral for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = referral.pupil and a.basis = 'registration')
);
create policy referral_disclosed_to_the_agency on referral for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and exists (
        select from open_access a
        where a.pupil = referral.pupil and a.ground = referral.referral and a.basis <> 'registration'
    )
);
create policy referral_of_the_authority on referral for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'auditor'
    and authority = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
);

-- To whom of its people the agency that holds it allocated a referral: nobody else is told.
create table allocation (
    referral uuid primary key,
    pupil uuid not null,
    agency uuid not null,
    person uuid not null
);
create index allocation_person on allocation (person);
alter table allocation enable row level security;
create policy allocation_inside_the_agency on allocation for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
    and exists (select from open_access a where a.pupil = allocation.pupil and a.ground = allocation.referral)
);

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
alter table timeline enable row level security;
create policy timeline_of_the_school on timeline for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'school'
    and exists (select from open_access a where a.pupil = timeline.pupil and a.basis = 'registration')
    and (matter <> 'minute' or exists (select from minute m where m.minute = timeline.thing))
    -- who has it inside the agency, and who gave it to them, is the agency's own matter
    and topic <> 'referral.allocated'
);
create policy timeline_of_the_agency on timeline for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'agency'
    and case matter
        when 'referral' then exists (
            select from open_access a
            where a.pupil = timeline.pupil and a.ground = timeline.thing and a.basis <> 'registration'
        ) and (
            topic <> 'referral.allocated'
            or agency = (select nullif(current_setting('cydlynu.organisation', true), '')::uuid)
        )
        when 'minute' then exists (select from minute m where m.minute = timeline.thing)
        when 'action' then exists (select from action t where t.action = timeline.thing)
        else false
    end
);
create policy timeline_of_the_authority on timeline for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'auditor'
    and matter = 'referral'
    and topic <> 'referral.allocated'
    and exists (select from referral r where r.referral = timeline.thing)
);
create policy timeline_of_the_operator on timeline for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'operator'
);

-- The ciphertext of an entry, apart from it: an auditor and an operator see who recorded what, and never this.
create table seal (
    pupil uuid not null,
    version bigint not null,
    sealed text not null,
    primary key (pupil, version)
);
alter table seal enable row level security;
create policy seal_of_the_entry on seal for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) in ('school', 'agency')
    and exists (select from timeline t where t.pupil = seal.pupil and t.version = seal.version)
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
alter table mark enable row level security;
create policy mark_of_the_entry on mark for select to cydlynu_read using (
    exists (select from timeline t where t.pupil = mark.pupil and t.version = mark.version)
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
alter table recorded enable row level security;
create policy recorded_by_the_own_organisation on recorded for select to cydlynu_read using (
    (select current_setting('cydlynu.desk', true)) = 'operator'
    or (
        (select nullif(current_setting('cydlynu.organisation', true), '')::uuid) in (organisation, on_behalf_of)
        and ((select current_setting('cydlynu.desk', true)) in ('school', 'agency', 'auditor') or kind = 'organisation')
    )
);
