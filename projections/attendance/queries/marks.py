"""How a line of a register is read once disputes and rulings are taken into account: said once, for every query."""

from __future__ import annotations

# Where a line was known to stand at %(position)s.
KNOWN = "a.known_from <= %(position)s and (a.known_to is null or a.known_to > %(position)s)"

# The disputes of a service's line in a meeting as known at %(position)s: what is claimed in those still open, and the
# last ruling.
DISPUTED = """
left join (
    select meeting, service,
           array_agg(claims) filter (where ruling is null) as open_claims,
           (array_agg(ruling order by known_from desc) filter (where ruling is not null))[1] as ruling,
           (array_agg(reads order by known_from desc) filter (where ruling is not null))[1] as reads
    from read.mark_dispute
    where known_from <= %(position)s and (known_to is null or known_to > %(position)s)
    group by meeting, service
) d on d.meeting = a.meeting and d.service = a.party
"""

# A ruling stands for the meeting: the school, a party, does not undo it by correcting its register afterwards.
RULED = "coalesce(d.ruling in ('upheld', 'partly'), false)"

# A dispute is open until there is a ruling, or until the mark is what the agency says it should be.
CONTESTED = """
(d.open_claims is not null
 and exists (select from unnest(d.open_claims) as open(claim) where open.claim is distinct from a.mark))
"""

# not_marked, struck_out, contested, or the mark that counts; the same order as MarkEvidence.counts_as.
READING = f"""
case when a.mark is null then 'not_marked'
     when {RULED} then coalesce(d.reads, 'struck_out')
     when {CONTESTED} then 'contested'
     else a.mark end
"""
