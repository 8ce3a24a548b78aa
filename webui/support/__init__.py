"""Support for pupils, programmes, one-page profiles, and what children had while they waited."""
