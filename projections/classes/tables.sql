-- The class of a pupil at a school, as last recorded, for as long as it holds (`until` is the last day). No row once the
-- pupil has left; empty where they are in no class, and once the stream is erased.
create table pupil_class (
    pupil uuid not null,
    school uuid not null,
    class_name text not null,
    from_on date not null,
    until date not null,
    primary key (pupil, school)
);
create index pupil_class_school on pupil_class (school);

-- Who teaches which class of a school, from a day until another (null: no end is known).
create table class_teacher (
    assignment uuid primary key,
    school uuid not null,
    person uuid not null,
    class_name text not null,
    from_on date not null,
    until date
);
create index class_teacher_person on class_teacher (school, person);
