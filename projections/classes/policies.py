"""What a class teacher sees: who is in their classes today, what each is called, their needs and provision. Nothing
else has a policy for this desk, so that a referral, a minute or a count of them is not there for a teacher."""

from __future__ import annotations

from coordination.permissions import Right, Thing, roles_with
from projections.policies import PERSON, SCHOOL_STAFF, TODAY, Policy, at, in_roles, own, visible

SCHOOL_CLASSES = in_roles(*roles_with(Thing.CLASSES, Right.OWN_SCHOOL, Right.READ))
TODAY_WITHIN = f"from_on <= {TODAY} and (until is null or until >= {TODAY})"
TAUGHT_CODES = "field in ('needs', 'provision')"


def _key(table: str) -> str:
    """What two ways of writing the class of a row have in common: case and spaces make no difference."""
    return f"replace(lower({table}.class_name), ' ', '')"


def taught(table: str) -> str:
    """The row's pupil is in a class of the teacher's, and on the roll of the school."""
    return f"{at('teacher')} and {visible('pupil_class', 'c', f'c.pupil = {table}.pupil')} and " + visible(
        "open_access", "a", f"a.pupil = {table}.pupil", "a.basis = 'registration'"
    )


POLICIES = (
    Policy("class_teacher", "of_the_school", f"{at('school')} and {SCHOOL_CLASSES} and {own('school')}"),
    Policy(
        "class_teacher",
        "of_the_teacher",
        f"{at('teacher')} and {own('school')} and person = {PERSON} and {TODAY_WITHIN}",
    ),
    Policy("pupil_class", "of_the_school", f"{at('school')} and {SCHOOL_STAFF} and {own('school')}"),
    Policy(
        "pupil_class",
        "of_the_teacher",
        f"{at('teacher')} and {own('school')} and {TODAY_WITHIN} and "
        + visible(
            "class_teacher",
            "t",
            "t.school = pupil_class.school",
            f"{_key('t')} = {_key('pupil_class')}",
        ),
    ),
    Policy("pupil", "of_the_teacher", taught("pupil")),
    Policy("identity", "of_the_teacher", taught("identity")),
    Policy("coded", "of_the_teacher", f"{TAUGHT_CODES} and {taught('coded')}"),
)
