"""The addresses of the service, compiled once for all the applications of a run.

werkzeug makes two functions of Python out of every rule; for two hundred rules that is four fifths of the work of
making an application, and a test makes one. The functions are those of the first application that had the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

# by everything that the function is made of: it takes the rule itself, with its converters, as an argument
_made: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


class CompiledRule(Rule):
    """A rule that is compiled unless one like it was."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key: tuple[Any, ...] = (self.rule, *self._trace, repr(self.defaults), append_unknown)
        if key not in _made:
            _made[key] = super()._compile_builder(append_unknown)
        return _made[key]


def compile_once() -> None:
    """For every application that is made from now on."""
    Flask.url_rule_class = CompiledRule
