"""The engine and a reader, as the tests of the read models have them."""

from tests.projections.conftest import engine, reader

__all__ = ["engine", "reader"]
