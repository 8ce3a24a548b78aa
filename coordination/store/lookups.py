"""The look-ups of the record by natural keys, which are stored as keyed hashes only."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Cursor

from coordination.store import numbers
from coordination.store.keys import OuterKeys


class Lookups:
    """Finds pupils and referrals; the record has the keys and the connections."""

    outer: OuterKeys

    def _cursor(self) -> AbstractContextManager[Cursor[Any]]:
        raise NotImplementedError

    def pupils_by_upn(self, upns: Sequence[str]) -> dict[str, UUID]:
        """The pupils with those numbers, now or before, where known: of a joined child the file that leads. Whose
        number it is now goes before whose it was; a number that two children had before, and one withheld after an
        adoption, finds nobody."""
        hmacs = {self.outer.lookup_hmac("upn", upn): upn for upn in upns}
        with self._cursor() as cursor:
            return {hmacs[number]: pupil for number, pupil in numbers.holders(cursor, list(hmacs)).items()}

    def pupils_by_withheld_upn(self, upns: Sequence[str]) -> dict[str, UUID]:
        """Whose numbers they were before an adoption: for the adoption officer, and for the matching of a file, which
        tells only the school that has the child on its roll."""
        hmacs = {self.outer.lookup_hmac("upn", upn): upn for upn in upns}
        with self._cursor() as cursor:
            found = numbers.earlier_holders(cursor, list(hmacs))
        return {hmacs[number]: pupil for number, pupil in found.items()}

    def identity_replaced_at(self, pupil: UUID) -> datetime | None:
        """When the last replacement of a pupil's identity was recorded; None when there was none."""
        with self._cursor() as cursor:
            cursor.execute("select since from log.withheld_before where stream = %s", (pupil,), prepare=True)
            row = cursor.fetchone()
            return row[0] if row else None

    def files_of_children(self, pupils: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
        """By pupil, all files of the same child, the one that leads first: what an erasure covers."""
        with self._cursor() as cursor:
            return numbers.files(cursor, pupils)

    def referrals_by_reference(
        self, wanted: Sequence[tuple[UUID, str]]
    ) -> dict[tuple[UUID, str], tuple[UUID, UUID]]:
        """By (school, reference number): the pupil's stream and the referral, where known."""
        hmacs = {
            (school, self.outer.lookup_hmac("referral_ref", ref)): (school, ref) for school, ref in wanted
        }
        with self._cursor() as cursor:
            cursor.execute(
                "select r.organisation, r.ref_hmac, r.pupil, r.referral"
                " from unnest(%s::uuid[], %s::bytea[]) as w(o, h)"
                " join log.referral_ref r on r.organisation = w.o and r.ref_hmac = w.h",
                ([o for o, _ in hmacs], [h for _, h in hmacs]),
            )
            return {hmacs[o, bytes(h)]: (pupil, referral) for o, h, pupil, referral in cursor}
