"""The mark of a string that is translated later than it is written."""


def N_(sentence: str) -> str:
    """The sentence as it is. The extraction of strings looks for calls of this name."""
    return sentence
