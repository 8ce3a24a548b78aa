"""What a decision may know besides the streams it changes: handed in, never fetched."""

from __future__ import annotations

import msgspec

from coordination.directory.state import Directory


class World(msgspec.Struct, frozen=True):
    """The directory as it stands on the record at the moment of deciding."""

    directory: Directory
