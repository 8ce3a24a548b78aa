"""The ledger: a Merkle tree (RFC 6962) over every row that a save writes, and signed heads that an outsider can keep.

The triggers of migration 0023 store the leaves. A head names the number of leaves, the root of their tree and an
instant, and is signed by a key outside the database. Whoever has a head can tell later whether anything before it was
changed.
"""
