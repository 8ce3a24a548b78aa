"""The resources of the API, in the order of its document."""

from webui.api.resources import (
    actions,
    agendas,
    attendance,
    challenges,
    changes,
    consents,
    directory,
    meetings,
    minutes,
    pupils,
    referrals,
    registers,
    waiting_times,
)

RESOURCES = (
    pupils.pupils,
    consents.consents,
    referrals.referrals,
    meetings.meetings,
    agendas.agendas,
    registers.registers,
    minutes.minutes,
    actions.actions,
    waiting_times.waiting_times,
    attendance.attendance,
    challenges.challenges,
    changes.feed,
    directory.directory,
)
