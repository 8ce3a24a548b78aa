"""A challenge behind a one-time link: acknowledged, answered and disputed, on somebody's word."""

from __future__ import annotations

from coordination.service import Coordination
from tests.projections.hwb import meeting_id
from tests.webui.challenge.conftest import ChallengeDesks
from tests.webui.links.opening import WORD, answer, made_link, prove, reminds
from tests.webui.referral.conftest import text
from tests.webui.referring import form_in, send, settled
from tests.webui.service import RunningService


def test_it_is_acknowledged_answered_and_disputed(
    desks: ChallengeDesks, county: Coordination, service: RunningService
) -> None:
    page = desks.sent()
    settled(service, county)
    reminds(service, f"{page}/messages")
    path = made_link(service, f"{page}/link")
    one, two = prove(service, path), prove(service, path)
    here = f"{path}/challenge"
    assert "Evidence" in one.get(here).text
    assert "/meetings/" not in one.get(here).text, "no link leads to a page behind the sign-in"
    form = form_in(two.get(f"{here}/acknowledge").text)
    assert answer(one, f"{here}/acknowledge", answered_by=" ").status_code == 422
    assert answer(one, f"{here}/acknowledge").status_code == 303
    late = send(two, f"{here}/acknowledge", form, **WORD)
    assert late.status_code == 422
    assert "By link: Eleri Huws, Ysgrifennydd." in text(late.text), "what happened, and by whom"
    assert answer(one, f"{here}/reply", text="Nid oedd lle yn y clinig.").status_code == 303
    wrong = answer(one, f"{here}/dispute/{meeting_id(3)}", claims="attended", why="Roedden ni yno.")
    assert wrong.status_code == 303
    state = desks.alnco.state(page)
    assert len(state.disputes) == 1
    settled(service, county)
    seen = text(desks.alnco.get(page))
    assert seen.count("By link: Eleri Huws, Ysgrifennydd.") == 3
    assert "Nid oedd lle yn y clinig." in seen
    assert one.get(f"{here}/withdraw").status_code == 404, "the school's steps are not the service's"
