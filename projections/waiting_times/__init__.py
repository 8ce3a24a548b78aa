"""How long pupils waited, for which service, and whose days they were."""
