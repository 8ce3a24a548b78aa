"""Who sees a proposal, a hold and a request: the school, the authority that decides, the controller that was asked."""

from __future__ import annotations

from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.rights.decide_requests import ANSWERING
from projections.policies import Policy, in_roles, own, own_among

PROPOSING = in_roles(*roles_with(Thing.RIGHTS_DESK, Right.PROPOSE))
DECIDING = in_roles(*roles_with(Thing.RIGHTS_DESK, Right.APPROVE))
CARRYING_OUT = in_roles(*roles_with(Thing.RIGHTS_DESK, Right.APPROVE, Right.CARRY_OUT))

POLICIES = (
    Policy("erasure_proposal", "of_the_school", f"{own_among('schools')} and {PROPOSING}"),
    Policy("erasure_proposal", "of_the_authority", f"{own_among('authorities')} and {CARRYING_OUT}"),
    Policy("legal_hold", "of_the_school", f"{own_among('schools')} and {PROPOSING}"),
    Policy("legal_hold", "of_the_authority", f"{own_among('authorities')} and {DECIDING}"),
    Policy("rights_request", "of_the_controller", f"{own('controller')} and {in_roles(*sorted(ANSWERING))}"),
)
