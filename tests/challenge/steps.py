"""What these tests share."""

from __future__ import annotations

from coordination.challenge.commands import (
    DeclineChallenge,
    ReportReply,
    WithdrawChallenge,
)
from tests.challenge.letters import (
    CHALLENGE,
    RAISED,
    SENT,
)

WITHDRAW = WithdrawChallenge(occurred_on=SENT, challenge=CHALLENGE, why="Our mistake")


DECLINE = DeclineChallenge(occurred_on=RAISED, challenge=CHALLENGE, why="Too early")


REPORT = ReportReply(occurred_on=SENT, challenge=CHALLENGE, way="telephone", text="They will come")
