"""Queries about challenges. Each takes the reader and the viewer first; row-level security does the rest."""

from projections.challenges.queries.as_of import ChallengeAsOf, ChallengeListAsOf, challenges_as_of
from projections.challenges.queries.challenge_list import (
    ChallengeList,
    ChallengeSummary,
    Part,
    Turn,
    challenge_ids,
    challenges,
    list_challenges,
)
from projections.challenges.queries.delays import DelayGround, delays
from projections.challenges.queries.dossier import (
    ChallengedWait,
    ChallengeStep,
    DisputeSummary,
    Dossier,
    MeetingEvidence,
    dossier,
)
from projections.challenges.queries.pupils import identities

__all__ = [
    "ChallengeSummary",
    "DelayGround",
    "DisputeSummary",
    "Dossier",
    "MeetingEvidence",
    "ChallengeList",
    "Part",
    "ChallengeStep",
    "ChallengeAsOf",
    "ChallengeListAsOf",
    "Turn",
    "ChallengedWait",
    "challenge_ids",
    "challenges",
    "delays",
    "dossier",
    "identities",
    "list_challenges",
    "challenges_as_of",
]
