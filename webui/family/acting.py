"""Who acts by a family's one-time link, and whether it is still theirs to open."""

from __future__ import annotations

from coordination.desk.family_contacts import contact_of, family_case, not_receiving
from coordination.desk.one_time_links import OneTimeLink
from coordination.permissions import FAMILY_ROLE
from webui.shell.authentication import Actor
from webui.shell.runtime import runtime


def family_by_link(link: OneTimeLink) -> Actor:
    """The contact or young person for whom the link was made, at the school that asks. The person recorded is the link:
    each answer names the contact."""
    return Actor(link.link, link.organisation, FAMILY_ROLE, "link")


def still_receives(link: OneTimeLink) -> bool:
    """Whether the person may open what was sent, at this moment: the same rule as for sending."""
    if link.pupil is None:
        return False
    service = runtime().coordination
    case = family_case(service, link.pupil)
    contact = contact_of(link.audience, link.pupil)
    barred = not_receiving(service, case, link.pupil, contact, sender=link.organisation, on=runtime().today())
    return barred is None
