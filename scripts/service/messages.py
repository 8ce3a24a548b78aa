"""What the supervisor tells the operator, in English or, in a Welsh terminal (LANG=cy...), in Welsh."""

from __future__ import annotations

import os
from contextlib import suppress

_SENTENCES = {
    "already": (
        "Cydlynu already runs on this data folder, at {address}",
        "Mae Cydlynu eisoes yn rhedeg ar y ffolder data hwn, yn {address}",
    ),
    "busy": (
        "Port {port} cannot be used ({reason}). Choose another with CYDLYNU_PORT.",
        "Ni ellir defnyddio porth {port} ({reason}). Dewiswch un arall gyda CYDLYNU_PORT.",
    ),
    "data": (
        "The data folder {folder} cannot be used ({reason}). Choose another with CYDLYNU_DATA.",
        "Ni ellir defnyddio'r ffolder data {folder} ({reason}). Dewiswch un arall gyda CYDLYNU_DATA.",
    ),
    "database": ("Starting the database", "Yn cychwyn y gronfa ddata"),
    "database again": (
        "The database ended: starting it again",
        "Daeth y gronfa ddata i ben: yn ei hailgychwyn",
    ),
    "ended": (
        "The {name} ended ({status}): starting it again in {seconds:.1f} s",
        "Daeth y broses {name} i ben ({status}): yn ei hailgychwyn mewn {seconds:.1f} eiliad",
    ),
    "keys missing": (
        "The file of outer keys {file} is missing, and the record in this database was written with it. Without it no "
        "name can be read again. Put it back from its own backup, or name its place with CYDLYNU_KEYS.",
        "Mae'r ffeil allweddi allanol {file} ar goll, a chyda hi yr ysgrifennwyd y cofnod yn y gronfa ddata hon. "
        "Hebddi ni ellir darllen yr un enw eto. Adferwch hi o'i chopi wrth gefn ei hun, "
        "neu rhowch ei lle yn CYDLYNU_KEYS.",
    ),
    "keys of another": (
        "The outer keys in {file} are not those with which the record in this database was written. Put the right file "
        "there, or name its place with CYDLYNU_KEYS.",
        "Nid yr allweddi allanol yn {file} yw'r rhai y cafodd y cofnod yn y gronfa ddata hon ei ysgrifennu â nhw. "
        "Rhowch y ffeil gywir yno, neu rhowch ei lle yn CYDLYNU_KEYS.",
    ),
    "leftover": (
        "Processes of the run before do not end. End them, and start again.",
        "Nid yw prosesau'r rhediad blaenorol yn dod i ben. Stopiwch nhw, a dechreuwch eto.",
    ),
    "port": (
        "CYDLYNU_PORT must be a whole number from 1 to 65535.",
        "Rhaid i CYDLYNU_PORT fod yn rhif cyfan o 1 i 65535.",
    ),
    "ready": ("Cydlynu is ready at {address}", "Mae Cydlynu yn barod yn {address}"),
    "sign in": (
        "Sign in as (role, user name, password):",
        "Mewngofnodwch fel (rôl, enw defnyddiwr, cyfrinair):",
    ),
    "stopping": ("Stopping", "Yn stopio"),
    "stopped": ("Stopped", "Wedi stopio"),
    "unreachable": ("The database cannot be used: {reason}", "Ni ellir defnyddio'r gronfa ddata: {reason}"),
    "waiting": (
        "Ending what the run before left behind",
        "Yn stopio'r hyn a adawyd ar ôl gan y rhediad blaenorol",
    ),
}


def terminal_is_welsh() -> bool:
    """Whether the operator's locale is a Welsh one."""
    locales = (os.environ.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, locales), "").startswith("cy")


def operator_sentence(which: str, /, **facts: object) -> str:
    """A sentence in the language of the operator's terminal."""
    return _SENTENCES[which][terminal_is_welsh()].format(**facts)


def print_sentence(which: str, /, **facts: object) -> None:
    """Tell the operator; a terminal that went away is no reason to stop."""
    print_text(operator_sentence(which, **facts))


def print_text(text: str) -> None:
    """Tell the operator something that is no sentence, such as a sign-in."""
    with suppress(OSError):
        print(text, flush=True)
