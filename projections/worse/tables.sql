-- Each time that it got worse while a pupil waits: ids, days and states only. The words are sealed entries of the
-- timeline (`version`, and of the last answer `answer_version`).
create table worse (
    worse uuid primary key,
    pupil uuid not null,
    referral uuid not null,
    service uuid not null,
    voice text not null,
    told_on date not null,
    answer_by date not null,
    answered_on date,
    outcome text,
    version bigint not null,
    answer_version bigint
);
create index worse_referral on worse (referral);
create index worse_open on worse (answer_by) where answered_on is null;
