"""The type of a text of the user interface."""

from __future__ import annotations

from typing import TypeAlias

from flask_babel import LazyString

# A text of the user interface. A lazy one is translated when it is shown, in the language of the page.
Words: TypeAlias = str | LazyString
