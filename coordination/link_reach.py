"""What may be recorded by a one-time link: for each kind, its commands, about its own thing and for its own audience.

The pages behind a link offer no more than this; the decision is here, so that it holds whichever page or program calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec

from coordination.challenge.commands import AcknowledgeChallenge, DisputeMark, ReplyToChallenge
from coordination.errors import NotFound
from coordination.event import Command, CommandContext, LinkReach
from coordination.meeting.commands import AnswerInvitation
from coordination.permissions import FAMILY_ROLE
from coordination.pupil.consent.decide import GiveConsent, RefuseConsent, WithdrawConsent
from coordination.pupil.family.commands import SupplyFamilyItems
from coordination.pupil.profile.commands import RecordViews
from coordination.pupil.referral.commands import ConfirmMilestone, ContestMilestone, RecordMilestone
from coordination.pupil.worse.decide import TellWorse

SERVICE_ROLE = "clinician"
"""As whom a service answers by a link: it may do what its own people may, for what the link was made for."""


class LinkCommands(msgspec.Struct, frozen=True):
    """The role of whoever holds a link of a kind, the commands it can give, and the fields of each that have to be the
    link's own."""

    role: str
    commands: tuple[type[Command], ...]
    own: Mapping[str, Callable[[LinkReach], UUID | None]]


def _thing(link: LinkReach) -> UUID | None:
    return link.thing


def _audience(link: LinkReach) -> UUID | None:
    return link.audience


def _pupil(link: LinkReach) -> UUID | None:
    return link.pupil


def _contact(link: LinkReach) -> UUID | None:
    """The contact who holds the link; None: the pupil."""
    return None if link.audience == link.pupil else link.audience


OF_KIND: Mapping[str, LinkCommands] = {
    "referral": LinkCommands(
        SERVICE_ROLE, (RecordMilestone, ConfirmMilestone, ContestMilestone), {"referral": _thing}
    ),
    "meeting": LinkCommands(SERVICE_ROLE, (AnswerInvitation,), {"meeting": _thing, "party": _audience}),
    "challenge": LinkCommands(
        SERVICE_ROLE, (AcknowledgeChallenge, ReplyToChallenge, DisputeMark), {"challenge": _thing}
    ),
    "family": LinkCommands(
        FAMILY_ROLE,
        (GiveConsent, RefuseConsent, WithdrawConsent, RecordViews, SupplyFamilyItems, TellWorse),
        {"pupil": _pupil, "contact": _contact},
    ),
    "family_card": LinkCommands(FAMILY_ROLE, (TellWorse,), {"pupil": _pupil, "contact": _contact}),
}


def require_reach(command: Command, order: CommandContext) -> None:
    """Raises NotFound for a command by a link that is not one of its kind's, about another thing, or for others than
    its audience."""
    if order.source != "link":
        return
    link = order.link
    given = OF_KIND.get(link.kind) if link else None
    if link is None or given is None or type(command) not in given.commands or order.role != given.role:
        raise NotFound
    if any(getattr(command, field) != of(link) for field, of in given.own.items()):
        raise NotFound
    if given.role == SERVICE_ROLE and (order.service, order.services) != (link.audience, (link.audience,)):
        raise NotFound
