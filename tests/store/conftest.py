"""The engine, for what the record does to it."""

from tests.projections.conftest import engine, reader

__all__ = ["engine", "reader"]
