"""The renewal of the families' cards: by itself, under the checks of every sending."""

from __future__ import annotations

from datetime import datetime

from coordination.calendars import local_date
from coordination.desk.family_cards import cards_due, end_card, note_issued
from coordination.desk.family_contacts import family_case, not_receiving
from coordination.outbox.family_messages import card_message
from coordination.pupil.family.receiving import NotReceiving
from coordination.service import Coordination
from coordination.store.queue import queue_messages

OVER: frozenset[NotReceiving] = frozenset({"file_not_held", "contact_not_current"})
"""Why a card is not due again later either: the child has moved, or the person no longer represents the child."""


def renew_cards(service: Coordination, now: datetime) -> int:
    """Queue the cards that are due; how many. One of somebody who may not have it now stays due, and never goes: of a
    restricted child, for example; where that is for good, the card ends."""
    renewed = 0
    with service.record.desk() as desk:
        for card in cards_due(desk, now):
            case = family_case(service, card.pupil)
            barred = not_receiving(
                service, case, card.pupil, card.contact, sender=card.school, on=local_date(now)
            )
            if barred in OVER:
                end_card(desk, card.card, now)
            if barred is not None:
                continue
            number = (now - card.begun_at).days
            message = card_message(card.card, number, card.pupil, card.contact, card.school, now)
            with desk.cursor() as cursor:
                queue_messages(cursor, [message])
            note_issued(desk, card.card, now)
            renewed += 1
    return renewed
