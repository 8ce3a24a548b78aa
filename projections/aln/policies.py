"""Who sees concerns about additional learning needs, and the statutory waits: no agency does.

The named staff of the school that has the pupil on its roll, and the authority that holds a child on no roll or has
part in the concern. Its caseworker then reads who the child is and what was recorded of the concern, and nothing
else of the file."""

from __future__ import annotations

from coordination.authority import CASEWORKER_ROLE
from coordination.permissions import Right, Thing, roles_with
from projections.policies import (
    PERSON,
    ROLE,
    SCHOOL_STAFF,
    Policy,
    at,
    held,
    in_roles,
    of_the_party,
    own,
    visible,
    with_the,
)

READERS = (Right.OWN_ROLL, Right.READ)
DECIDING = f"{at('caseworker')} and {ROLE} = {CASEWORKER_ROLE!r}"

POLICIES = (
    Policy(
        "aln_concern", "of_the_holder", f"{held('aln_concern')} and ({at('caseworker')} or {SCHOOL_STAFF})"
    ),
    Policy("aln_concern", "of_the_authority", f"{DECIDING} and {own('authority')}"),
    Policy(
        "told_concern",
        "of_the_school",
        f"{held('told_concern')} and ({at('caseworker')} or {in_roles(*roles_with(Thing.CONCERN, *READERS))})",
    ),
    Policy("told_concern", "of_the_teacher", f"{at('teacher')} and {own('school')} and person = {PERSON}"),
    with_the("concern_answer", "of_the_concern", "told_concern", "concern"),
    of_the_party("statutory_wait", agency="", authority=own("authority")),
    Policy(
        "identity",
        "of_the_deciding_authority",
        f"{DECIDING} and kind = 'identity' and "
        + visible("aln_concern", "c", "c.pupil = identity.pupil", own("c.authority")),
    ),
    Policy(
        "timeline",
        "of_the_deciding_authority",
        f"{DECIDING} and matter = 'aln' and "
        + visible("aln_concern", "c", "c.concern = timeline.thing", own("c.authority")),
    ),
    Policy(
        "seal",
        "of_the_deciding_authority",
        f"{DECIDING} and "
        + visible("timeline", "t", "t.pupil = seal.pupil", "t.version = seal.version", "t.matter = 'aln'"),
    ),
)
