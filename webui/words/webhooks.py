"""What a webhook is told: the same as a mail, as JSON. Ids, the reference, what happened in words and a link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from coordination.desk.outbox import OutboxRow
from coordination.directory.state import Directory
from coordination.outbox.message import case_reference
from webui.words.mail import PATHS, message_facts
from webui.words.messages import RULES, in_english, in_welsh


def payload(row: OutboxRow, directory: Directory, public_url: str) -> dict[str, Any]:
    """The body of a delivery. `link` is null where the service has no public address."""
    sentence = RULES[row.rule].sentence
    link = public_url + PATHS[row.subject].format(thing=row.thing, pupil=row.pupil) if public_url else None
    recipient = {"service": None, "organisation": None} | {row.recipient_kind: str(row.recipient)}
    return {
        "type": f"{row.subject}.{row.rule}",
        "timestamp": row.created_at.isoformat(),
        "data": {
            "message": str(row.message),
            "reference": case_reference(row.thing),
            "subject": row.subject,
            "id": str(row.thing),
            "to": recipient,
            "about_service": str(row.service) if row.service else None,
            "step": row.detail or None,
            "urgent": row.urgent,
            "happened": {
                "en": in_english(sentence, message_facts(row, directory, "en")),
                "cy": in_welsh(sentence, message_facts(row, directory, "cy")),
            },
            "link": link,
        },
    }


def trial_payload(at: datetime) -> dict[str, Any]:
    """The body of a test delivery."""
    return {"type": "test", "timestamp": at.isoformat(), "data": {}}
