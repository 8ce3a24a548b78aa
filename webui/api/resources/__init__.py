"""The resources of the API, in the order of its document."""

from webui.api.resources import attendance, challenges, changes, consents, pupils, referrals, waiting_times

RESOURCES = (
    pupils.pupils,
    consents.consents,
    referrals.referrals,
    waiting_times.waiting_times,
    attendance.attendance,
    challenges.challenges,
    changes.feed,
)
