"""Where the table of permissions differs from the one that was agreed first, and why; shown with the table."""

from __future__ import annotations

import msgspec

from coordination.authority import NATIONAL_ANALYST
from coordination.permissions import Thing


class PermissionDifference(msgspec.Struct, frozen=True):
    """Where the table differs from the starting table, for which role and things, and why (in both languages)."""

    role: str
    things: tuple[Thing, ...]
    why: str
    why_cy: str


DIFFERENCES = (
    PermissionDifference(
        "wellbeing_coordinator",
        (Thing.HANDING_OVER, Thing.ACCOUNTS, Thing.RIGHTS_DESK),
        "The starting table has no column for this role. It has the rights of an ALNCo, because it refers and runs"
        " meetings in many schools, but it does not answer for the school.",
        "Does dim colofn i’r rôl hon yn y tabl cychwynnol. Mae ganddi hawliau CADY, gan ei bod yn atgyfeirio ac yn"
        " cynnal cyfarfodydd mewn llawer o ysgolion, ond nid yw’n ateb dros yr ysgol.",
    ),
    PermissionDifference(
        "early_years_aln_lead",
        (Thing.WAITING_FIGURES, Thing.REFERRAL),
        "No column in the starting table. It has the rights of an auditor: figures, and lines without names.",
        "Dim colofn yn y tabl cychwynnol. Mae ganddi hawliau archwilydd: ffigurau, a llinellau heb enwau.",
    ),
    PermissionDifference(
        "auditor",
        (Thing.IDENTITY, Thing.REFERRAL_CONTENT),
        "The starting table allows it through a recorded reason. No page offers that yet, so there is no access.",
        "Mae’r tabl cychwynnol yn ei ganiatáu drwy reswm a gofnodwyd. Nid oes tudalen yn cynnig hynny eto, felly nid"
        " oes mynediad.",
    ),
    PermissionDifference(
        "designated_safeguarding_person",
        (Thing.MEETING,),
        "Reads the dates and the agenda of meetings of the school, because its minutes cannot be read without them.",
        "Yn darllen dyddiadau ac agenda cyfarfodydd yr ysgol, gan na ellir darllen ei chofnodion hebddynt.",
    ),
    PermissionDifference(
        NATIONAL_ANALYST,
        (Thing.NEEDS,),
        "Figures by need are not published, because one wait can be in several groups.",
        "Ni chyhoeddir ffigurau yn ôl angen, gan y gall un arhosiad fod mewn sawl grŵp.",
    ),
)
