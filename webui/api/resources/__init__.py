"""The resources of the API, in the order of its document."""

from webui.api.resources import changes, consents, pupils, referrals

RESOURCES = (pupils.pupils, consents.consents, referrals.referrals, changes.feed)
