"""What the checks of the data quality are called, and what each looks for."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from projections.waiting_times.queries import Check, DataQualityGroup, DataQualityReport
from webui.words.naming import directory, organisation_name, service_name
from webui.words.text import Words

CHECK_WORDS: dict[Check, Words] = {
    "late_entries": _l("Late entries"),
    "quiet": _l("Open waits with nothing new"),
    "missing_outcomes": _l("Appointments without an outcome"),
    "contested": _l("Reports that the agency contests"),
    "no_receipt": _l("Contacts without a receipt"),
    "uncountable": _l("Waits that cannot be counted"),
}


def check_words(check: Check) -> str:
    """The name of a check."""
    return str(CHECK_WORDS[check])


def check_sentence(check: Check, report: DataQualityReport) -> str:
    """What a check counts."""
    match check:
        case "late_entries":
            return _(
                "Entries that were recorded more than %(days)s days after the day they are about, by the organisation "
                "that recorded them. History from files counts too.",
                days=report.late_days,
            )
        case "quiet":
            return _(
                "Open waits on whose referral nothing has happened for %(days)s days or more.",
                days=report.quiet_days,
            )
        case "missing_outcomes":
            return _("Appointments whose last offered day has passed, with no outcome recorded since.")
        case "contested":
            return _(
                "Milestones that the school reported and the agency contests, of all that were only reported."
            )
        case "no_receipt":
            return _("Referrals with a contact or an outcome and nothing that shows when they were received.")
        case "uncountable":
            return _("Waits in school days with a first or last day outside the known term dates.")


def found_at(group: DataQualityGroup) -> str:
    """The name of the organisation or service of a group."""
    known = directory()
    if group.check not in ("late_entries", "no_receipt"):
        service = known.service_by_code(group.key)
        return service_name(service) if service else group.key
    found = (known.by_code(kind, group.key) for kind in ("school", "agency", "local_authority"))
    return organisation_name(next(filter(None, found), None)) or group.key
