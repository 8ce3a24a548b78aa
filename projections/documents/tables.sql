-- A document of a referral or a minute; `sealed` is the ciphertext of its file name under its own key (the stream of the
-- document). The bytes are in log.document, which the read role cannot read.
create table document (
    document uuid primary key,
    pupil uuid not null,
    attached_to text not null,
    thing uuid not null,
    organisation uuid not null,
    -- the service of an agency that attached it
    service uuid,
    person uuid not null,
    attached_on date not null,
    size bigint not null,
    media_type text not null,
    data_class text not null,
    requirement text,
    sealed text not null
);
create index document_thing on document (thing);
create index document_pupil on document (pupil);

-- A document of a challenge or of the reply to it; `pupils` whom it names.
create table challenge_document (
    document uuid primary key,
    challenge uuid not null,
    attached_to text not null,
    pupils uuid[] not null,
    organisation uuid not null,
    service uuid,
    person uuid not null,
    attached_on date not null,
    size bigint not null,
    media_type text not null,
    data_class text not null,
    sealed text not null
);
create index challenge_document_challenge on challenge_document (challenge);
