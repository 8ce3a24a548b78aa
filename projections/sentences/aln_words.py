"""The sentences about decisions on additional learning needs, English and Welsh side by side."""

from __future__ import annotations

from projections.sentences.text import BilingualText, TextByValue

ALN_STEP_NAMES: dict[str, BilingualText] = {
    "concern_raised": BilingualText("Concern raised", "Codwyd pryder"),
    "passed_to_authority": BilingualText("Passed to the local authority", "Trosglwyddwyd i’r awdurdod lleol"),
    "consent_given": BilingualText("Young person’s consent", "Cydsyniad y person ifanc"),
    "aln_decided": BilingualText("Decision", "Penderfyniad", statute=True),
    "reconsideration_asked": BilingualText("Reconsideration asked for", "Gofynnwyd am ailystyriaeth"),
    "reconsideration_answered": BilingualText("Reconsideration answered", "Atebwyd y cais i ailystyried"),
    "plan_issued": BilingualText("Plan given", "Rhoddwyd y cynllun"),
    "plan_reviewed": BilingualText("Plan reviewed", "Adolygwyd y cynllun"),
}
"""What each step is called in lists and refusals."""

ALN_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "aln.concern_raised": BilingualText(
        "{first_told} was told on {on} that the pupil may have additional learning needs[; told by: {raised_by}]"
        "[. The local authority decides: {ground}].",
        "Cafodd {first_told} wybod ar {on} y gall fod gan y disgybl anghenion dysgu ychwanegol"
        "[; gan bwy: {raised_by}][. Yr awdurdod lleol sy’n penderfynu: {ground}].",
    ),
    "aln.concern_answered": BilingualText(
        "The teacher’s concern was answered on {on}[: {outcome}].",
        "Atebwyd pryder yr athro ar {on}[: {outcome}].",
    ),
    "aln.passed_to_authority": BilingualText(
        "The decision about additional learning needs was passed to {to_authority} on {on}[: {ground}].",
        "Trosglwyddwyd y penderfyniad am anghenion dysgu ychwanegol ar {on} (at: {to_authority})[: {ground}].",
    ),
    "aln.consent_given": BilingualText(
        "The young person consented on {on} to a decision about additional learning needs.",
        "Cydsyniodd y person ifanc ar {on} i benderfyniad am anghenion dysgu ychwanegol.",
    ),
    "aln.decided": BilingualText(
        "{by} decided on {on} about additional learning needs[: {outcome}].",
        "Penderfynodd {by} ar {on} am anghenion dysgu ychwanegol[: {outcome}].",
    ),
    "aln.plan_issued": BilingualText(
        "{by} gave the individual development plan on {on}.",
        "Rhoddodd {by} y cynllun datblygu unigol ar {on}.",
    ),
    "aln.plan_reviewed": BilingualText(
        "{by} reviewed the individual development plan on {on}[: {outcome}].",
        "Adolygodd {by} y cynllun datblygu unigol ar {on}[: {outcome}].",
    ),
    "aln.reconsideration_asked": BilingualText(
        "{to_authority} was asked on {on} to reconsider[; asked by: {asked_by}].",
        "Gofynnwyd ar {on} am ailystyriaeth ({to_authority})[; gan bwy: {asked_by}].",
    ),
    "aln.reconsideration_answered": BilingualText(
        "{by} answered the request to reconsider on {on}[: {outcome}].",
        "Atebodd {by} y cais i ailystyried ar {on}[: {outcome}].",
    ),
    "aln.entry_corrected": BilingualText(
        "An entry about additional learning needs was corrected on {on}[: it happened on {happened_on}].",
        "Cywirwyd cofnod am anghenion dysgu ychwanegol ar {on}[: digwyddodd ar {happened_on}].",
    ),
}
