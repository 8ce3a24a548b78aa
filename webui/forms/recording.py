"""Performing the command of a form."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from coordination.errors import Refusal
from coordination.event import Command
from webui.forms.base import Form
from webui.shell import casework


def record(form: Form, command: Command, fields: Mapping[str, str] | None = None) -> Refusal | None:
    """Perform a command on the version of the record that the form showed.

    Returns None when it is recorded, else the refusal, which the form then shows. `fields` gives the field of a
    refusal that names none, by its code. Raises NotFound.
    """
    try:
        casework.perform(msgspec.structs.replace(command, seen=form.seen), form.command_id)
    except Refusal as refused:
        if refused.code == "not_found":
            raise
        if refused.field is None:
            refused.field = (fields or {}).get(refused.code)
        form.refuse(refused)
        return refused
    return None
