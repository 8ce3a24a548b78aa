"""The leaves as they are stored, the tables that they cover, and how SQL makes the hash of a row."""

from __future__ import annotations

from typing import LiteralString

import msgspec

LEAF: LiteralString = (
    "sha256('\\x00'::bytea"
    " || convert_to(concat_ws(E'\\n', source, change, key, coalesce(save::text, ''), ''), 'UTF8') || digest)"
)
"""The hash of a leaf of log.leaf."""

EVENT: LiteralString = (
    "sha256(convert_to(concat_ws(':', e.originator_id, e.originator_version, e.topic, length(e.state), ''), 'UTF8')"
    " || e.state)"
)
"""The digest of an event `e`, as `saves.event_digest`."""

ROW: LiteralString = "sha256(convert_to(jsonb_strip_nulls(to_jsonb(t))::text, 'UTF8'))"
"""The digest of a row `t` of most tables."""

COMMAND: LiteralString = (
    "sha256(convert_to(concat_ws(' ', t.organisation, t.stream, t.version, t.command_id), 'UTF8')"
    " || t.digest)"
)

DOCUMENT: LiteralString = (
    "sha256(convert_to(concat_ws(' ', t.document, t.pupils::text, extract(epoch from t.attached_at)), 'UTF8')"
    " || sha256(t.ciphertext))"
)
"""The digest of a document `t`: its bytes are read and hashed, without making text of them."""

DIGESTS: dict[str, LiteralString] = {"command": COMMAND, "document": DOCUMENT}
"""The digest of a row of the tables that have their own."""

SETTINGS: LiteralString = (
    "set local timezone = 'UTC'; set local bytea_output = 'hex'; set local jit = off;"
    "set local work_mem = '64MB'; set local parallel_setup_cost = 100; set local parallel_tuple_cost = 0.01"
)
"""What the text of a row depends on; then what makes a verification quick: sorting and joining in memory, several
processes, and no compiler that costs more than it saves."""

COVERED: dict[LiteralString, tuple[LiteralString, ...]] = {
    "stream_key": ("stream",),
    "pupil_access": ("pupil", "organisation", "ground", "service"),
    "command": ("organisation", "command_id"),
    "document": ("document",),
    "pupil_upn": ("row_id",),
    "pupil_likeness": ("row_id",),
    "referral_ref": ("row_id",),
    "joined_pupil": ("pupil",),
    "withheld_before": ("stream",),
    "organisation": ("stream",),
    "service_code": ("code",),
    "restricted_pupil": ("pupil", "organisation"),
    "interest": ("interest",),
    "store": ("id",),
    "batch": ("source", "number"),
}
"""The tables of schema log whose rows must follow from the leaves, with the columns that name a row."""


class Leaf(msgspec.Struct, frozen=True):
    """A leaf: which row of which table changed how, in which save (its position, if any), and the row's digest."""

    source: str
    change: str
    key: str
    save: int | None
    digest: bytes

    @property
    def data(self) -> bytes:
        """What the leaf's hash is made of."""
        save = "" if self.save is None else self.save
        return f"{self.source}\n{self.change}\n{self.key}\n{save}\n".encode() + self.digest
