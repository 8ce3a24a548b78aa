"""What happened, in plain sentences, in English and in Welsh."""

from projections.sentences.sentence import Quote, attribution, day, instant, quotes, sentence

__all__ = ["Quote", "attribution", "day", "instant", "quotes", "sentence"]
