"""The blueprint of the pages of advice."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("advice", __name__)
