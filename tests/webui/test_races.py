"""Two who write at once, and one who presses twice: on every form that somebody of the story can reach.

A form is taken twice, as two tabs or two people would. The first is sent, and sent again: it acts once. Then the second
is sent: where the form says which version it was shown (`seen`) it is refused, with what came in between beside
everything that was typed; sent once more, in full knowledge, it is taken or refused for another reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.county import PUPIL
from tests.projections.casework import RecordedCase
from tests.webui.every_form import Found, every_form, forms_of
from tests.webui.looking import looking
from tests.webui.referring import browser, form_in, send
from tests.webui.service import RunningService

OVERTAKEN = "This has changed. Check what is new, then send yours again"
# they end what others are about: after those
LAST = (
    "milestones.strike",
    "meetings.finish",
    "meetings.cancel",
    "consents.withdraw",
    "profile.end_contact",
    "administration.left",
    "profile.leave",
)
# they take the file from whoever sends them, end sessions, or forbid what others record: after all of those
CUT_OFF = ("objections.", "family", "paper_replies.", "account.", "rights", "restriction.", "administration.")
# what a box takes that does not take just any words
FILLED = {
    "upn": "B801200005001",
    "telephone": "01654 700 000",
    "email": "mam@example.org",
    "arrived": "13:40",
    "left": "14:10",
    "starts_at": "13:30",
    "told_at": "00:01",
    "quorum": "2",
    "notice": "5",
    "limit": "28",
    "target": "80",
    "bands": "28, 56",
    "days": "30",
    "offered_1_at": "10:00",
    "offered_2_at": "11:00",
    "offered_3_at": "12:00",
}


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, RecordedCase]]:
    with looking(postgres, template, tmp_path_factory.mktemp("races")) as found:
        yield found


def again(client: FlaskClient, service: RunningService, form: Found) -> Found | None:
    """The same form on its page now."""
    answer = client.get(form.page, follow_redirects=True)
    names = {f.name for f in form.fields}
    found = [f for f in forms_of(form.who, service.app, form.page, answer) if f.endpoint == form.endpoint]
    return min(found, key=lambda f: len(names ^ {x.name for x in f.fields}), default=None)


def filled(form: Found, words: str, service: RunningService, choice: int) -> MultiDict[str, str]:
    """As somebody might fill it in who has much to say: every box, the first or the last of every choice."""
    data = form.sent()
    today = service.clock().date()
    for name in form.words:
        data[name] = next((v for part, v in FILLED.items() if name.startswith(part)), f"{words} {name}")
    for day in form.days:
        if not data.get(f"{day}-year") or choice:
            for part in ("day", "month", "year"):
                data[f"{day}-{part}"] = str(getattr(today, part))
    for name in form.of("radio", "select"):
        offered = [f.value for f in form.fields if f.name == name and f.value]
        # another person's answer to a question would be a record of its own
        if offered and (not data.get(name) or (choice and name != "who")):
            data[name] = offered[-choice % len(offered)]
    for name in form.of("checkbox"):
        offered = [f.value for f in form.fields if f.name == name]
        data.setlist(name, offered[:1] if choice else offered)
    return data


def position(service: RunningService) -> int:
    found: int = service.app.extensions["cydlynu"].coordination.record.last_position()
    return found


class FormOutcome(msgspec.Struct, kw_only=True):
    """What came of a form: whether it was taken; after the second press how it was answered and what more stood on
    the record; and of the other showing the status, the page, and what was typed in its boxes."""

    taken: bool
    action: str = ""
    twice: int = 0
    more: int = 0
    seen: bool = False
    lost: int = 0
    page: str = ""
    typed: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


def turn(endpoint: str) -> int:
    """When a form is walked: the lower, the earlier."""
    if endpoint in LAST:
        return LAST.index(endpoint)
    return len(LAST) if endpoint.startswith(CUT_OFF) else -1


@pytest.fixture(scope="module")
def outcomes(site: tuple[RunningService, RecordedCase]) -> dict[str, list[FormOutcome]]:
    """Every form walked once, those that end things last."""
    service = site[0]
    forms = every_form(service)
    forms.sort(key=lambda one: turn(one[1].endpoint))
    found: dict[str, list[FormOutcome]] = {}
    for client, form in forms:
        mine, other = again(client, service, form), again(client, service, form)
        if mine is not None and other is not None:
            found.setdefault(form.endpoint, []).append(_walked(client, service, mine, other))
    return found


def _walked(client: FlaskClient, service: RunningService, mine: Found, other: Found) -> FormOutcome:
    for choice in (0, 1):
        sent = filled(mine, "Yr un", service, choice)
        before = position(service)
        if client.post(mine.action, data=sent).status_code == 303:
            break
    else:
        return FormOutcome(taken=False)
    after = position(service)
    twice = client.post(mine.action, data=sent)
    outcome = FormOutcome(
        taken=True, action=mine.action, twice=twice.status_code, more=position(service) - after
    )
    if "seen" not in sent or after == before:
        return outcome
    typed = filled(other, "Y llall", service, choice)
    lost = client.post(other.action, data=typed)
    outcome.seen, outcome.lost, outcome.page = True, lost.status_code, unescape(lost.text)
    outcome.typed = tuple(typed[name] for name in other.words)
    outcome.theirs = tuple(text for name in other.words if "Yr un" in (text := sent[name]))
    return outcome


# Every form that carries a version, and is walked; a new one is added here.
VERSIONED = {
    "meetings.contest",
    "actions.change",
    "allocation.allocate",
    "classes.of_pupil",
    "consents.answer_to",
    "consents.withdraw",
    "meetings.chair",
    "meetings.delivery",
    "meetings.finish",
    "meetings.line",
    "meetings.next_meeting",
    "milestones.correct",
    "milestones.record",
    "milestones.unavailable",
    "profile.change_contact",
    "profile.end_contact",
    "profile.identity",
    "profile.language",
    "profile.looked_after",
    "profile.needs",
    "profile.provision",
    "today.done",
}
# a danger is recorded whatever came in between; and what was done with the thing makes another answer than "overtaken"
ALWAYS_TAKEN = {"milestones.risk"}
OTHERWISE = {"allocation.allocate", "meetings.contest", "meetings.finish", "milestones.correct"}
# with these an agency gives a referral away
ENDS_SIGHT = ("/steps/redirected", "/steps/recorded_in_error")
# what is typed is on the page, and so is what somebody else wrote
BOTH = {"meetings.line", "milestones.record", "profile.identity", "profile.change_contact"}


def test_the_walk_takes_most_forms(outcomes: dict[str, list[FormOutcome]]) -> None:
    taken = {endpoint for endpoint, found in outcomes.items() if any(one.taken for one in found)}
    assert len(taken) > 25, sorted(taken)
    versioned = {endpoint for endpoint, found in outcomes.items() if any(one.seen for one in found)}
    assert versioned - ALWAYS_TAKEN >= VERSIONED - {"allocation.allocate"}, VERSIONED - versioned
    assert versioned - ALWAYS_TAKEN - VERSIONED == set()


def test_sent_twice_every_form_acts_once_and_answers_as_before(
    outcomes: dict[str, list[FormOutcome]],
) -> None:
    wrong = [
        f"{endpoint}: {one.twice}, {one.more} more on the record"
        for endpoint, found in outcomes.items()
        for one in found
        if one.taken and (one.twice != 303 or one.more)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("endpoint", sorted(VERSIONED))
def test_a_lost_race_says_so_and_loses_no_word(endpoint: str, outcomes: dict[str, list[FormOutcome]]) -> None:
    raced = [one for one in outcomes.get(endpoint, ()) if one.seen]
    assert raced or endpoint == "allocation.allocate"
    for one in raced:
        if one.lost == 404 and one.action.endswith(ENDS_SIGHT):
            continue  # the first one gave the referral away: to the second it is not there any more
        assert one.lost in (409, 422), (one.lost, one.action)
        assert [text for text in one.typed if text not in one.page] == []
    told = [one for one in raced if OVERTAKEN in one.page]
    assert told or endpoint in OTHERWISE or not raced
    if endpoint in BOTH:
        shown = [one for one in told if one.theirs and any(text in one.page for text in one.theirs)]
        assert shown


def test_other_words_under_the_same_id_are_not_taken_for_a_repeat(
    site: tuple[RunningService, RecordedCase], outcomes: dict[str, list[FormOutcome]]
) -> None:
    """The back button shows a page that was sent; what is changed there is told, never silently dropped."""
    assert outcomes
    client = browser(site[0], "head")
    path = f"/pupils/{PUPIL}/views"
    form = form_in(client.get(path).text)
    sent = {"words": "Dw i wedi blino.", "whose": "child", "language": "cy"}
    assert send(client, path, form, **sent).status_code == 303
    before = position(site[0])
    assert send(client, path, form, **sent).status_code == 303
    changed = send(client, path, form, **{**sent, "words": "Dw i ddim wedi blino."})
    assert changed.status_code == 422
    assert "Dw i ddim wedi blino." in unescape(changed.text)
    assert position(site[0]) == before
