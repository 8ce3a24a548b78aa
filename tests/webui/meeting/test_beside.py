"""Two versions of a minute side by side lose no word, and two minute-takers' texts neither."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from webui.meeting.pages.beside import compared
from webui.meeting.typed import both_texts

TEXT = st.text(alphabet="ab ŵ\n.", max_size=30)


@settings(max_examples=100)
@given(TEXT, TEXT)
def test_the_runs_joined_are_the_texts(earlier: str, later: str) -> None:
    left, right = compared(earlier, later)
    assert "".join(run.text for run in left) == earlier
    assert "".join(run.text for run in right) == later
    assert [r.text for r in left if not r.changed] == [r.text for r in right if not r.changed] or "".join(
        r.text for r in left if not r.changed
    ) == "".join(r.text for r in right if not r.changed)


@settings(max_examples=100)
@given(TEXT, TEXT)
def test_both_texts_are_in_what_is_joined(recorded: str, typed: str) -> None:
    joined = both_texts({"discussion": recorded}, {"discussion": typed})["discussion"]
    assert recorded.strip() in joined
    assert typed.strip() in joined
    assert len(joined) <= len(recorded) + len(typed) + 2


def test_a_changed_word_is_marked() -> None:
    left, right = compared("Sleeps badly at home.", "Sleeps well at home.")
    assert [run.text for run in left if run.changed] == ["badly"]
    assert [run.text for run in right if run.changed] == ["well"]
