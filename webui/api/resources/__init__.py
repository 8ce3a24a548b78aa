"""The resources of the API, in the order of its document."""

from webui.api.resources import pupils, referrals

RESOURCES = (pupils.pupils, referrals.referrals)
