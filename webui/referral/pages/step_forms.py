"""The form of a step of a referral, filled in from what is known, and what it shows when it is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from coordination.calendars import local_date
from coordination.errors import NotFound, Refusal, StaleVersion
from projections.case_file.queries import TimelineEntry
from webui.forms import Form
from webui.forms.base import FormSchema
from webui.referral.choices import choices_of, likely_appointment
from webui.referral.forms.milestones import NOT_ON_RECORD, OFFERED, schema_of
from webui.referral.next_steps import can_only_report
from webui.referral.reading import OpenedReferral, offers, open_referral_page
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.formats import clock

# the fields that a form shows as the event has them
AS_SAID = (
    *("priority", "asked_of", "requirements", "to_service", "reason", "signposting", "advice", "place"),
    *("language", "appointment", "answer", "chosen", "identified", "in_welsh", "what", "note"),
    *("reported_by", "reported_how", "ending", "new_episode", "decision", "meeting", "beyond_reason"),
)


def step_form(
    opened: OpenedReferral,
    milestone: str,
    correcting: TimelineEntry | None = None,
    besides: type[FormSchema] | None = None,
) -> Form:
    """The form of a step, new or `correcting` an entry; `besides`: a schema whose questions it asks too."""
    offered = offers(opened.held)
    schema = schema_of(
        milestone,
        reported=can_only_report(opened, milestone),
        correcting=correcting is not None,
        offers=bool(offered),
        of_a_service=not opened.at_school,
    )
    if besides is not None:
        schema = type(f"{schema.__name__}Besides", (schema, besides), {})
    today = viewer().today
    values: dict[str, Any] = {
        "occurred_on": today,
        "reported_on": today,
        "answer": "accepted",
        "note_for": "shared",
    }
    values["appointment"] = likely_appointment(opened)
    if milestone == "information_supplied":
        values["requirements"] = list(opened.held.missing)
    if milestone == "appointment_offered" and (wish := _language_of_family(opened)):
        values["language"] = wish
    if correcting is not None:
        values |= _as_recorded(opened, correcting)
    known = {name: value for name, value in values.items() if name in schema._declared_fields}
    return Form(
        schema,
        values=known,
        choices=choices_of(opened, milestone),
        seen=opened.file.referral.last_version,
    )


def _language_of_family(opened: OpenedReferral) -> str | None:
    """The pupil's language if it was disclosed, so that the offer can be made in it."""
    identity = opened.identity
    language = identity.get("language") if isinstance(identity, dict) else None
    return str(language) if language else None


def _as_recorded(opened: OpenedReferral, entry: TimelineEntry) -> dict[str, Any]:
    """The fields of an entry as its form would have been filled in."""
    said = {**entry.clear, **opened.sealed_of(entry.version)}
    values: dict[str, Any] = {"occurred_on": entry.occurred_on}
    for name in AS_SAID:
        values[name] = said.get(name)
    for name in ("reported_on", "answer_by", "starts_on", "exit_due_on"):
        values[name] = date.fromisoformat(said[name]) if said.get(name) else None
    if said.get("no_appointment_on_record"):
        values["appointment"] = NOT_ON_RECORD
    values["told"] = [name for name in ("told_referrer", "told_plan_holder") if said.get(name)]
    times = [datetime.fromisoformat(at) for at in said.get("for_when", ())]
    for number, at in zip(OFFERED, times, strict=False):
        values |= {f"offered_{number}": local_date(at), f"offered_{number}_at": clock(at)}
    if values["chosen"]:
        values["chosen"] = datetime.fromisoformat(values["chosen"]).isoformat()
    return values


def refuse_step(opened: OpenedReferral, form: Form, refused: Refusal) -> tuple[OpenedReferral, int | None]:
    """Show the refusal; after a lost race also what was recorded after the version that is returned."""
    if isinstance(refused, NotFound):
        raise refused
    form.refuse(refused)
    if not isinstance(refused, StaleVersion):
        return opened, None
    casework.wait_until_readable(runtime().coordination.record.last_position())
    again = open_referral_page(opened.pupil, opened.referral, note=False)
    since, form.seen = form.seen, max(again.file.referral.last_version, refused.facts["current"])
    return again, since
