"""The marker of a string that is translated later than it is written."""


def N_(sentence: str) -> str:
    """The sentence unchanged. The extraction of strings finds calls of this name."""
    return sentence
