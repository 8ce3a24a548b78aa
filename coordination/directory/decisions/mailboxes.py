"""The mail address of an organisation or of one of its services."""

from __future__ import annotations

import re

from coordination.directory.commands import SetMailbox
from coordination.directory.decisions.checks import own_service, require_kind
from coordination.directory.events import MailboxSet
from coordination.directory.organisation import Organisation
from coordination.directory.permission import is_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

LONGEST_ADDRESS = 254
# what mail servers take without quoting; one address and no name beside it
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
OF_ITS_OWN = frozenset({"service_manager", "alnco", "head"})
"""Who may set the address of their own organisation, beside an administrator."""


def decide_set_mailbox(
    organisation: Organisation, command: SetMailbox, header: Header, world: World
) -> list[MailboxSet]:
    """Sets or removes the address. Refused `not_permitted`, `unknown_service`, `not_an_address`."""
    own = header.organisation == organisation.id and header.role in OF_ITS_OWN
    if not own and not is_administrator(header, world):
        raise Refusal("not_permitted")
    require_kind(organisation, "authority", "school", "agency")
    if command.service is not None:
        own_service(organisation, command.service)
    address = (command.address or "").strip() or None
    if address is not None and not (len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address)):
        raise Refusal("not_an_address", "address")
    known = (command.service or organisation.id) in organisation.mailboxes
    if address == command.before if known else address is None:
        return []
    return [MailboxSet(header=header, service=command.service, address=address)]
