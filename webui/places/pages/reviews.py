"""Reviews of a place, and whether a family agrees to short notice."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.errors import NotFound
from coordination.permissions import Right, Thing, roles_with
from coordination.pupil.referral.commands import AgreeShortNotice, ReviewPlace
from projections.places.queries import reviews_of
from webui.forms import Form
from webui.forms.recording import record
from webui.places.forms import PlaceReviewSchema, ShortNoticeSchema
from webui.places.reading import NamedPlacement, placements_of
from webui.places.words import OUTCOMES, STATES
from webui.referral.reading import open_referral_page
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import AGENCY_DESK, CASEWORKER_DESK, SCHOOL_COORDINATION
from webui.shell.runtime import runtime

blueprint = Blueprint("place_reviews", __name__)

READERS = roles_with(Thing.PLACES, Right.READ, Right.OWN_SERVICE, Right.OWN_AUTHORITY)
REVIEWERS = (*SCHOOL_COORDINATION, *roles_with(Thing.PLACES, Right.OWN_SERVICE))


@blueprint.get("/placements/<uuid:referral>/reviews")
@signed_in(*READERS)
def page(referral: UUID) -> ResponseReturnValue:
    """Show the reviews of a place: to the school, the base's authority and the authority that placed the pupil."""
    found = _one(referral)
    reviews = reviews_of(casework.reader(), viewer(), referral)
    opened = casework.open_sealed([one.words for one in reviews])
    return render_template(
        "places/reviews.html",
        found=found,
        reviews=[
            (one, words.get("words") if isinstance(words, dict) else None)
            for one, words in zip(reviews, opened, strict=True)
        ],
        may_review=viewer().role in REVIEWERS and found.row.state == "placed",
        outcomes=OUTCOMES,
        states=STATES,
    )


@blueprint.route("/placements/<uuid:referral>/review", methods=["GET", "POST"])
@signed_in(*REVIEWERS)
def review(referral: UUID) -> ResponseReturnValue:
    """Record a review of a place."""
    found = _one(referral)
    form = Form(
        PlaceReviewSchema, values={"occurred_on": runtime().today(), "exit_due_on": found.row.exit_due_on}
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = ReviewPlace(pupil=found.row.pupil, referral=referral, **typed)
        if record(form, command) is None:
            flash(_("The review is recorded."))
            return redirect(url_for("place_reviews.page", referral=referral), 303)
    return form.page("places/review.html", found=found)


@blueprint.route("/pupils/<uuid:pupil>/referrals/<uuid:referral>/short-notice", methods=["GET", "POST"])
@signed_in(*SCHOOL_COORDINATION, *AGENCY_DESK, *CASEWORKER_DESK)
def short_notice(pupil: UUID, referral: UUID) -> ResponseReturnValue:
    """Record whether the family agrees to be offered an appointment at short notice."""
    opened = open_referral_page(pupil, referral)
    form = Form(ShortNoticeSchema, values={"agreed": "yes"} if opened.held.short_notice else {})
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = AgreeShortNotice(
            occurred_on=runtime().today(), pupil=pupil, referral=referral, agreed=typed["agreed"]
        )
        if record(form, command) is None:
            flash(_("It is recorded."))
            return redirect(url_for("referrals.page", pupil=pupil, referral=referral), 303)
    return form.page("places/short_notice.html", pupil=pupil, referral=referral)


def _one(referral: UUID) -> NamedPlacement:
    rows = placements_of(None, referral)
    if not rows:
        raise NotFound
    return rows[0]
