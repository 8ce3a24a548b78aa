"""What is refused about places in resource bases and specialist classes, transition, and hours at short notice."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "not_a_place_service": N_("Only a service of a local authority that has places can record this step."),
    "only_the_authority_places": N_("Only the authority whose base it is records decisions about a place."),
    "places_not_set": N_("The number of places of this base is not recorded for that day. Record it first."),
    "places_out_of_range": N_("Enter a number of places from 0 to %(most)s."),
    "no_place_left": N_(
        "All %(number)s places are taken or offered (%(taken)s). To go beyond the number of places, give the reason."
    ),
    "panel_decided_too_late": N_(
        "%(step)s on %(on)s cannot come after %(other)s on %(other_on)s: the pupil has the place already. "
        "Check the dates."
    ),
    "place_offered_too_late": N_(
        "%(step)s on %(on)s cannot come after %(other)s on %(other_on)s: the place has been taken up. Check the dates."
    ),
    "placed_twice": N_("The pupil already has a place. End that place first."),
    "place_ended_before_placed": N_("No place has begun by that day, so it cannot end."),
    "fewer_places_than_placed": N_(
        "%(placed)s pupils have a place in this base. To record fewer places, give the reason."
    ),
    "not_placed": N_("The pupil does not have a place in the base on that day."),
    "next_review_not_later": N_("The next review must be later than this one."),
    "transition_already_planned": N_("This transition is already recorded. Open the page again."),
    "no_next_school": N_(
        "No next school is recorded for this transition, so there is no school to send it to."
    ),
    "too_young_for_destination": N_(
        "A destination is recorded from the school year in which a pupil becomes 16."
    ),
    "follow_up_missing": N_("There is a risk. Say when the school looks again."),
    "referral_is_over": N_("The referral has ended."),
}
