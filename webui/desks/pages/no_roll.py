"""The children on no school's roll, as a list of the caseworker's page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from coordination.clocks import overdue
from coordination.pupil.referral.next_step import act_by
from projections.case_file.queries import ReferralSummary
from projections.case_file.queries.no_roll import ChildOnNoRoll, children_on_no_roll
from webui.desks.worklists import Worklist, WorklistItem
from webui.pupil.identity import PupilIdentity, open_identity
from webui.referral.status import move_words
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.words.formats import day, days, number
from webui.words.naming import organisation_name, service_name


def no_roll_list(size: int) -> Worklist:
    """The children whom the authority holds because no school has them on its roll, the longest first."""
    found = children_on_no_roll(casework.reader(), viewer(), size)
    opened = casework.open_sealed([child.identity for child in found.rows])
    items = tuple(
        _item(child, open_identity(child.pupil, identity))
        for child, identity in zip(found.rows, opened, strict=True)
    )
    return Worklist(key="no-roll", heading=_("On no school’s roll"), items=items, total=found.total)


def _item(child: ChildOnNoRoll, who: PupilIdentity) -> WorklistItem:
    late = any(_late(referral) for referral in child.referrals)
    count = len(child.referrals)
    return WorklistItem(
        heading=who.name,
        words=_since(child),
        lines=tuple(_line(referral) for referral in child.referrals),
        address=url_for("case_file.page", pupil=child.pupil),
        action=_("Open the case file"),
        pupil=child.pupil,
        tag=ngettext("%(count)s open referral", "%(count)s open referrals", count, count=number(count))
        if count
        else "",
        late=late,
    )


def _since(child: ChildOnNoRoll) -> str:
    waited = days((viewer().today - child.since).days)
    if child.school is None:
        return _("On no school’s roll for %(days)s, since %(day)s.", days=waited, day=day(child.since))
    return _(
        "On no school’s roll for %(days)s. Last school: %(school)s, until %(day)s.",
        days=waited,
        school=organisation_name(child.school),
        day=day(child.since),
    )


def _by(referral: ReferralSummary) -> str:
    return day(act_by(referral.move_since or referral.opened_on, referral.due_on))


def _late(referral: ReferralSummary) -> bool:
    return overdue(act_by(referral.move_since or referral.opened_on, referral.due_on), viewer().today)


def _line(referral: ReferralSummary) -> str:
    """A referral with its next step and the day for it."""
    return _(
        "%(service)s. %(move)s; by %(day)s.",
        service=service_name(referral.service),
        move=move_words(referral),
        day=_by(referral),
    )
