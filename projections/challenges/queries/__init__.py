"""What may be asked of challenges. Every query takes the reader and the viewer first; the policies do the rest."""

from projections.challenges.queries.delays import Delay, delays
from projections.challenges.queries.dossier import Dispute, Dossier, Line, Step, Waited, dossier
from projections.challenges.queries.listed import Challenge, Listed, Part, Turn, challenges, listed
from projections.challenges.queries.pupils import identities
from projections.challenges.queries.stood import Stood, StoodThen, stood

__all__ = [
    "Challenge",
    "Delay",
    "Dispute",
    "Dossier",
    "Line",
    "Listed",
    "Part",
    "Step",
    "Stood",
    "StoodThen",
    "Turn",
    "Waited",
    "challenges",
    "delays",
    "dossier",
    "identities",
    "listed",
    "stood",
]
