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
