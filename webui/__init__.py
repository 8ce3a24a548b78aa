"""The screens: Flask at the edge, words in two languages, nothing decided here."""
