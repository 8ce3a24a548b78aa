"""Every event to the case file: an entry of the timeline each, and the rows that say how things stand."""

from __future__ import annotations

from coordination.directory.events import OrganisationClosed, StandardEnded, StandardSet
from coordination.event import Event
from coordination.pupil.actions.events import ActionEvent
from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import ConsentEvent
from coordination.pupil.joining.events import PupilsJoined, PupilsSeparated
from coordination.pupil.minutes.events import MinuteEvent
from coordination.pupil.no_roll.events import ChildTakenOn
from coordination.pupil.profile.events import ProfileEvent
from coordination.pupil.referral.events import ReferralEvent
from coordination.pupil.referral.state import Referral
from coordination.topics import registry
from projections.case_file.children import JOINED, REPLACED, put_joining, put_replacement
from projections.case_file.entries import (
    MARK,
    RECORDED,
    SEAL,
    TIMELINE,
    add_entry,
    add_entry_elsewhere,
    recorded_on,
)
from projections.case_file.people import (
    CODED,
    CONTACT,
    CONTACT_END,
    IDENTITY,
    IDENTITY_KNOWN,
    IDENTITY_VERSION,
    PUPIL,
    ROLL,
    SAID,
    put_profile,
    put_pupil,
)
from projections.case_file.referrals import ALLOCATION, REFERRAL, AllocationTableRow, referral_row
from projections.case_file.sharing import (
    ACTION,
    CONSENT,
    DISCLOSURE,
    LAWFUL_BASIS,
    MINUTE,
    put_action,
    put_minute,
    put_passed_on,
    put_sharing,
)
from projections.projection import Change
from projections.rows import AnyTable, RowJournal


class CaseFileProjection:
    """Rows that stand are written over, entries are only added. Opens coded fields of the profile, and no others."""

    name = "case_file"
    tables: tuple[AnyTable, ...] = (
        PUPIL,
        JOINED,
        REPLACED,
        ROLL,
        IDENTITY,
        IDENTITY_VERSION,
        IDENTITY_KNOWN,
        CODED,
        CONTACT,
        CONTACT_END,
        SAID,
        CONSENT,
        LAWFUL_BASIS,
        DISCLOSURE,
        MINUTE,
        ACTION,
        REFERRAL,
        ALLOCATION,
        TIMELINE,
        SEAL,
        MARK,
        RECORDED,
    )
    topics: frozenset[type[Event]] = frozenset(registry().values())
    wide: frozenset[type[Event]] = frozenset({StandardSet, StandardEnded, OrganisationClosed})

    def project(self, change: Change, rows: RowJournal) -> None:
        """The entry of the event, and what it leaves standing."""
        event = change.event
        if change.kind != "pupil":
            add_entry_elsewhere(change, rows)
            if isinstance(event, StandardSet | StandardEnded):
                self._standards_changed(change, event, rows)
            elif isinstance(event, OrganisationClosed):
                self._agency_closed(change, rows)
            return
        add_entry(change, rows)
        _, case = change.states(CaseFile)
        match event:
            case ReferralEvent(referral=key):
                if (held := case.referrals.get(key)) is not None:
                    rows.put(
                        REFERRAL,
                        referral_row(
                            held,
                            change.stream,
                            change.directory,
                            recorded_on(event),
                            case,
                        ),
                    )
                    self._allocated(change, held, rows)
                put_passed_on(change, key, rows)
            case ProfileEvent():
                put_profile(change, event, rows)
                self._roll_changed(change, rows)
            case PupilsJoined() | PupilsSeparated():
                put_joining(change, event, rows)
            case ChildTakenOn():
                put_pupil(change, rows)
                self._put_referrals(change, rows)
            case IdentityReplaced():
                put_replacement(change, rows)
            case ConsentEvent():
                put_sharing(change, event, rows)
                self._sight_changed(change, rows)
            case MinuteEvent(minute=key):
                put_minute(change, case.minutes.minutes[key], rows)
            case ActionEvent(action=key):
                put_action(change, case.actions.actions[key], rows)
            case _:
                pass

    def _roll_changed(self, change: Change, rows: RowJournal) -> None:
        """Whose move it is depends on whether a school has the pupil on its roll."""
        earlier, case = change.states(CaseFile)
        if earlier.profile.off_roll() == case.profile.off_roll():
            return
        self._put_referrals(change, rows)

    def _put_referrals(self, change: Change, rows: RowJournal) -> None:
        _, case = change.states(CaseFile)
        for held in case.referrals.values():
            rows.put(
                REFERRAL,
                referral_row(held, change.stream, change.directory, recorded_on(change.event), case),
            )

    def _sight_changed(self, change: Change, rows: RowJournal) -> None:
        """No next step is with an agency that cannot see the referral."""
        earlier, case = change.states(CaseFile)
        if earlier.consents.disclosures == case.consents.disclosures:
            return
        for key, held in case.referrals.items():
            at = (key, held.agency, held.service)
            if earlier.consents.disclosed(*at) != case.consents.disclosed(*at):
                rows.put(
                    REFERRAL,
                    referral_row(held, change.stream, change.directory, recorded_on(change.event), case),
                )

    def _allocated(self, change: Change, held: Referral, rows: RowJournal) -> None:
        """Who has it inside the service, apart from what others may see."""
        earlier, _ = change.states(CaseFile)
        before = earlier.referrals.get(held.referral)
        if held.allocated is not None:
            row = AllocationTableRow(held.referral, change.stream, held.agency, held.service, held.allocated)
            rows.put(ALLOCATION, row)
        elif before is not None and before.allocated is not None:
            rows.remove(ALLOCATION, (held.referral,))

    def _agency_closed(self, change: Change, rows: RowJournal) -> None:
        """From the day after its last one no next step is with an agency."""
        agency = change.directory.organisation(change.stream)
        for service in agency.services if agency else ():
            for pupil, case in change.others(service):
                for held in case.referrals.values():
                    if held.service == service and held.agency == change.stream:
                        on = recorded_on(change.event)
                        rows.put(REFERRAL, referral_row(held, pupil, change.directory, on, case))

    def _standards_changed(
        self, change: Change, event: StandardSet | StandardEnded, rows: RowJournal
    ) -> None:
        """Every referral that the service holds is due by the standards as they are now."""
        for pupil, case in change.others(event.service):
            for held in case.referrals.values():
                if held.service == event.service:
                    rows.put(
                        REFERRAL,
                        referral_row(held, pupil, change.directory, recorded_on(event), case),
                    )


PROJECTION = CaseFileProjection()
