"""The sentences about support and one-page profiles, English and Welsh side by side."""

from __future__ import annotations

from typing import Any

from projections.sentences.text import BilingualText, Language, TextByValue

SUPPORT_SENTENCES: dict[str, BilingualText | TextByValue[BilingualText]] = {
    "support.started": BilingualText(
        "{by} started support at level {level} on {on}, for a phase that ends on {ends_by}[. Need: {need}].",
        "Dechreuodd {by} gymorth lefel {level} ar {on}, am gyfnod sy’n dod i ben ar {ends_by}[. Angen: {need}].",
    ),
    "support.reviewed": BilingualText(
        "The support was reviewed on {on}[: {outcome}][. Next review: {review_on}].",
        "Adolygwyd y cymorth ar {on}[: {outcome}][. Adolygiad nesaf: {review_on}].",
    ),
    "support.ended": BilingualText(
        "The support ended on {on}[: {reason}].",
        "Daeth y cymorth i ben ar {on}[: {reason}].",
    ),
    "support.recorded_in_error": BilingualText(
        "It was noted on {on} that the support had been recorded in error.",
        "Nodwyd ar {on} fod y cymorth wedi’i gofnodi drwy gamgymeriad.",
    ),
    "referral.worse_told": TextByValue(
        "voice",
        {
            "child": BilingualText(
                "The child said on {on} that it got worse while waiting. To be answered by {answer_by}.",
                "Dywedodd y plentyn ar {on} fod pethau wedi gwaethygu wrth aros. I’w ateb erbyn {answer_by}.",
            ),
            "parent": BilingualText(
                "A parent said on {on} that it got worse while waiting. To be answered by {answer_by}.",
                "Dywedodd rhiant ar {on} fod pethau wedi gwaethygu wrth aros. I’w ateb erbyn {answer_by}.",
            ),
        },
        BilingualText(
            "A teacher said on {on} that it got worse while waiting. To be answered by {answer_by}.",
            "Dywedodd athro ar {on} fod pethau wedi gwaethygu wrth aros. I’w ateb erbyn {answer_by}.",
        ),
    ),
    "referral.worse_answered": TextByValue(
        "outcome",
        {
            "urgent": BilingualText(
                "The referral was triaged anew on {on}: urgent help.",
                "Brysbennwyd yr atgyfeiriad o’r newydd ar {on}: cymorth brys.",
            ),
            "sooner": BilingualText(
                "The referral was triaged anew on {on}: the pupil is to be seen sooner.",
                "Brysbennwyd yr atgyfeiriad o’r newydd ar {on}: caiff y disgybl ei weld yn gynt.",
            ),
            "other_help": BilingualText(
                "The referral was triaged anew on {on}: other help meanwhile.",
                "Brysbennwyd yr atgyfeiriad o’r newydd ar {on}: cymorth arall yn y cyfamser.",
            ),
        },
        BilingualText(
            "The referral was triaged anew on {on}: the place in the queue stays.",
            "Brysbennwyd yr atgyfeiriad o’r newydd ar {on}: mae’r lle yn y ciw yn aros.",
        ),
    ),
    "one_page_profile.written": TextByValue(
        "occasion",
        {
            "move": BilingualText(
                "A one-page profile for a move was written on {on}.",
                "Ysgrifennwyd proffil un dudalen ar gyfer symud ar {on}.",
            ),
            "trip": BilingualText(
                "A one-page profile for a trip was written on {on}.",
                "Ysgrifennwyd proffil un dudalen ar gyfer taith ar {on}.",
            ),
            "referral": BilingualText(
                "A one-page profile for a referral was written on {on}.",
                "Ysgrifennwyd proffil un dudalen ar gyfer atgyfeiriad ar {on}.",
            ),
        },
        BilingualText(
            "A one-page profile for every day was written on {on}.",
            "Ysgrifennwyd proffil un dudalen ar gyfer bob dydd ar {on}.",
        ),
    ),
}


VOICES: dict[str, BilingualText] = {
    "teacher": BilingualText("Teacher", "Athro"),
    "child": BilingualText("Child", "Plentyn"),
    "parent": BilingualText("Parent", "Rhiant", statute=True),
}
"""Who speaks in a review of support."""


def quoted(field: str, value: Any, language: Language) -> str:
    """The words of a sealed field as they are quoted: of a review, each voice with who speaks."""
    if field != "voices":
        return str(value)
    return "\n".join(f"{VOICES[one['voice']].in_language(language)}: {one['words']}" for one in value)
