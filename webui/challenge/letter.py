"""The letter of a challenge as a paper: to whom, about what, on which terms, what is asked, and who signs.

The rule's code, the position of the log and the head of the ledger stand in the footer of evidence, not in the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _

from coordination.directory.dated import in_force
from coordination.directory.letter_wordings import LetterWording, filled_in
from coordination.directory.state import Standard, TermsOfReference
from coordination.outbox.message import case_reference
from projections.challenges.queries import Dossier, MeetingEvidence
from webui.challenge.words import step_text
from webui.papers.paper import Block, Paper, PaperTable, Paragraph, Signature
from webui.papers.words import head_words, page_words
from webui.reports.attendance_words import ANSWERS, finding_words, mark_words
from webui.shell import casework
from webui.words.codes import milestone_name
from webui.words.formats import day, in_unit, number
from webui.words.languages import language
from webui.words.naming import (
    code_words,
    directory,
    organisation_name,
    people_names,
    service_name,
)


def letter_of(held: Dossier, chosen: str) -> Paper:
    """The letter in the language in force for its words, which `chosen` ("en" or "cy") names."""
    c = held.challenge
    wording = _wording(held)
    blocks = _about_attendance(held, wording) if c.about == "attendance" else _about_waits(held, wording)
    reply_by = [Paragraph(_("Please reply by %(day)s.", day=day(c.reply_due_on)))] if c.reply_due_on else []
    return Paper(
        title=_subject(held),
        language=chosen,
        author=organisation_name(c.school),
        sender=(organisation_name(c.school),),
        recipient=tuple(_recipient(held)),
        facts_above=(
            day(c.sent_on or c.since),
            _("Our reference: %(reference)s", reference=case_reference(c.challenge)),
        ),
        blocks=(
            Paragraph(_("Dear colleagues,")),
            *_opening(held, wording),
            *blocks,
            *reply_by,
            _signature(held),
        ),
        evidence=tuple(_evidence(held)),
        mark=_("Draft. Not sent.") if c.sent_on is None else None,
        page=page_words(),
    )


def _wording(held: Dossier) -> LetterWording | None:
    """What the school's authority wants such letters to say, on the day of the letter."""
    c = held.challenge
    school = directory().organisation(c.school)
    authority = directory().organisation(school.authority) if school else None
    versions = authority.letter_wordings.get(c.about, ()) if authority else ()
    return in_force(versions, c.sent_on or c.since)


def _said(held: Dossier, text: str, text_cy: str) -> str:
    """A text of the wording in the letter's language, with its places filled in."""
    c = held.challenge
    places = {
        "service": service_name(c.service),
        "agency": organisation_name(c.agency),
        "school": organisation_name(c.school),
        "reply_by": day(c.reply_due_on),
    }
    return filled_in(text_cy if language() == "cy" else text, places)


def _opening(held: Dossier, wording: LetterWording | None) -> list[Block]:
    words = _said(held, wording.opening, wording.opening_cy) if wording else ""
    return [Paragraph(words)] if words else []


def _request(held: Dossier, wording: LetterWording | None, usual: str) -> Paragraph:
    return Paragraph((_said(held, wording.request, wording.request_cy) if wording else "") or usual)


def _recipient(held: Dossier) -> Iterable[str]:
    c = held.challenge
    yield _(
        "To: %(service)s, %(agency)s",
        service=service_name(c.service),
        agency=organisation_name(c.agency),
    )
    if c.level:
        to = [step.to_person for step in held.steps if step.topic == "challenge.escalated" and step.to_person]
        level = code_words("escalation_level", c.level)
        name = people_names(to[-1:]).get(to[-1]) if to else None
        yield _("For the attention of: %(level)s", level=f"{name}, {level}" if name else level)


def _subject(held: Dossier) -> str:
    c = held.challenge
    if c.kind == "challenge":
        if c.about == "attendance":
            return _("Challenge: attendance at our meetings, %(kind)s", kind=_kind(held))
        return _("Challenge: waits over the limit")
    if c.about == "attendance":
        return _("Enquiry: attendance at our meetings, %(kind)s", kind=_kind(held))
    return _("Enquiry: long waits")


def _kind(held: Dossier) -> str:
    """The kind of the meetings: the evidence is of one."""
    return code_words("meeting_kind", held.lines[-1].raised.meetings if held.lines else "hwb")


def _about_attendance(held: Dossier, wording: LetterWording | None) -> list[Block]:
    c = held.challenge
    blocks: list[Block] = [Paragraph(words) for words in _terms_words(held.lines)]
    blocks.append(Paragraph(finding_words(c.code, c.kind, c.counted, None, c.out_of)))
    if c.kind == "enquiry":
        blocks.append(
            Paragraph(
                _("Your service was not required to attend. We ask because pupils’ plans need its advice.")
            )
        )
    blocks += _own_sentences(held)
    blocks.append(
        PaperTable(
            caption=_("The meetings"),
            columns=(
                _("Meeting"),
                _("Mark in our register"),
                _("Invited"),
                _("Notice, working days"),
                _("Your answer before the meeting"),
            ),
            rows=tuple(_line(one) for one in held.lines),
            figures=(3,),
        )
    )
    usual = _(
        "Please tell us why your service missed these meetings, how it will take part from now on, and who "
        "will attend in its place when it cannot."
    )
    # the right of reply stands in every letter, whatever the authority's wording
    blocks.append(_request(held, wording, usual))
    blocks.append(Paragraph(_("If a mark is wrong, dispute it. An independent person will make a ruling.")))
    return blocks


def _line(line: MeetingEvidence) -> tuple[str, ...]:
    answer = str(ANSWERS[line.answer]) if line.answer else _("none") if line.invited_on else "–"
    return (
        day(line.raised.held_on),
        mark_words(line.raised.mark),
        day(line.invited_on) or "–",
        number(line.notice) if line.notice is not None else "–",
        answer,
    )


def _terms_words(lines: Iterable[MeetingEvidence]) -> Iterable[str]:
    """A sentence for each of the terms of reference that applied at the meetings, with the meetings where there are
    several."""
    of: dict[UUID, list[MeetingEvidence]] = {}
    for line in lines:
        if line.raised.owed and line.raised.terms:
            of.setdefault(line.raised.terms, []).append(line)
    for terms, under in of.items():
        found = _terms(terms)
        if found is None:
            continue
        facts = {"day": day(found.effective_from), "notice": number(found.notice_working_days)}
        if len(of) == 1:
            yield _(
                "Your service agreed terms of reference for these meetings from %(day)s. It agreed to attend with "
                "%(notice)s working days’ notice.",
                **facts,
            )
        else:
            yield _(
                "At the meetings of %(meetings)s the terms of reference applied that your service agreed from "
                "%(day)s: to attend with %(notice)s working days’ notice.",
                meetings="; ".join(day(line.raised.held_on) for line in under),
                **facts,
            )


def _terms(terms: UUID) -> TermsOfReference | None:
    found = (organisation.terms.get(terms) for organisation in directory().organisations.values())
    return next((one for one in found if one is not None), None)


def _about_waits(held: Dossier, wording: LetterWording | None) -> list[Block]:
    standard = _standard(held)
    opening = _("These referrals from our school are still waiting:")
    if standard:
        opening = _(
            "The standard %(code)s requires %(start)s to %(stop)s within %(limit)s (%(source)s). These referrals from "
            "our school are over the limit and still waiting:",
            code=standard.code,
            start=str(milestone_name(standard.start)).lower(),
            stop=str(milestone_name(standard.stop)).lower(),
            limit=in_unit(standard.limit, standard.unit),
            source=standard.source,
        )
    rows = tuple(
        (str(one.referral)[:8], day(one.started_on), day(one.due_on) or "–", number(one.elapsed))
        for one in held.waits
    )
    return [
        Paragraph(opening),
        PaperTable(
            caption=_("The waits"),
            columns=(
                _("Referral"),
                _("Clock started"),
                _("Last day within the limit"),
                _("Days waited by %(day)s", day=day(held.challenge.raised_on)),
            ),
            rows=rows,
            figures=(3,),
        ),
        *_own_sentences(held),
        Paragraph(
            _("Days are unadjusted. This letter does not name pupils; please use the referral numbers.")
        ),
        _request(
            held,
            wording,
            _("Please tell us when each of these pupils will be seen, and what can be done until then."),
        ),
    ]


def _standard(held: Dossier) -> Standard | None:
    c = held.challenge
    if c.about != "delay" or c.code is None:
        return None
    on = held.waits[0].started_on if held.waits else c.raised_on
    return directory().standard(c.service, c.code, on)


def own_sentences(held: Dossier) -> str | None:
    """What the school wrote into the letter last, opened."""
    return next(iter(_texts(held, "challenge.letter_worded")), None)


def _own_sentences(held: Dossier) -> list[Block]:
    """What the school wrote into the letter, and what it wrote to the level that it was escalated to."""
    return [Paragraph(text) for text in _texts(held, "challenge.letter_worded", "challenge.escalated")]


def _texts(held: Dossier, *topics: str) -> list[str]:
    """The words of the last step of each topic, where it has some."""
    last = {step.topic: step.text for step in held.steps if step.topic in topics}
    opened = casework.open_sealed([last[topic] for topic in topics if topic in last])
    texts = [step_text(one, _("These words have been erased.")) for one in opened]
    return [text for text in texts if text]


def _signature(held: Dossier) -> Signature:
    """The head teacher who approved it signs; until then nobody is named."""
    c = held.challenge
    approved = [step.person for step in held.steps if step.topic == "challenge.approved"][-1:]
    names = people_names(approved)
    role = _("Head teacher")
    if c.approved_on:
        approved_on = _("approved on %(day)s", day=day(c.approved_on))
        role = f"{role} ({approved_on})"
    return Signature(
        closing=_("Yours sincerely,"),
        lines=(*(names[person] for person in approved), role, organisation_name(c.school)),
    )


def _evidence(held: Dossier) -> Iterable[str]:
    c = held.challenge
    position = max(
        [one.raised.position for one in held.lines] + [one.position for one in held.waits], default=0
    )
    if position:
        yield _(
            "Evidence: the record at position %(position)s, as known on %(day)s.",
            position=number(position),
            day=day(c.raised_on),
        )
    else:
        yield _("Evidence: the record as known on %(day)s.", day=day(c.raised_on))
    if c.code:
        yield _("Rule: %(code)s", code=c.code if c.rule_version is None else f"{c.code}, {c.rule_version}")
    yield from head_words()
