"""The supervisor's messages to the operator, in English or, in a Welsh terminal (LANG=cy...), in Welsh."""

from __future__ import annotations

import os
from contextlib import suppress

_SENTENCES = {
    "already": (
        "Cydlynu is already running on this data folder, at {address}",
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
        "The database stopped. Starting it again",
        "Stopiodd y gronfa ddata. Yn ei hailgychwyn",
    ),
    "ended": (
        "The {name} process stopped ({status}). Starting it again in {seconds:.1f} s",
        "Stopiodd y broses {name} ({status}). Yn ei hailgychwyn mewn {seconds:.1f} eiliad",
    ),
    "hung": (
        "The {name} process does not answer any more. Stopping it",
        "Nid yw'r broses {name} yn ateb mwyach. Yn ei stopio",
    ),
    "database needed": (
        "Set DATABASE_URL or DATABASE_URL_FILE to the address of the database.",
        "Rhowch gyfeiriad y gronfa ddata yn DATABASE_URL neu DATABASE_URL_FILE.",
    ),
    "keys needed": (
        "There are no keys in {file}. Put the same file of keys on every host (CYDLYNU_KEYS), or give its text in "
        "CYDLYNU_KEYS_VALUE_FILE. For a new record, cydlynu prepare makes it.",
        "Nid oes allweddi yn {file}. Rhowch yr un ffeil allweddi ar bob gwesteiwr (CYDLYNU_KEYS), neu ei thestun "
        "yn CYDLYNU_KEYS_VALUE_FILE. Ar gyfer cofnod newydd, mae cydlynu prepare yn ei gwneud.",
    ),
    "keys missing": (
        "The key file {file} is missing. Names in this database cannot be read without it. Restore it from its "
        "backup, or set CYDLYNU_KEYS to its location.",
        "Mae'r ffeil allweddi {file} ar goll. Ni ellir darllen enwau yn y gronfa ddata hon hebddi. Adferwch hi "
        "o'i chopi wrth gefn, neu rhowch ei lleoliad yn CYDLYNU_KEYS.",
    ),
    "keys of another": (
        "The keys in {file} belong to another database. Put the right file there, or set CYDLYNU_KEYS to its "
        "location.",
        "Mae'r allweddi yn {file} yn perthyn i gronfa ddata arall. Rhowch y ffeil gywir yno, neu rhowch ei "
        "lleoliad yn CYDLYNU_KEYS.",
    ),
    "keys given": (
        "The keys in CYDLYNU_KEYS_VALUE are not those in {file}, or are no keys. Set it to the text of the right "
        "file, or leave it out.",
        "Nid yr allweddi yn CYDLYNU_KEYS_VALUE yw'r rhai yn {file}, neu nid allweddi ydynt. Rhowch destun y ffeil "
        "gywir ynddo, neu gadewch ef allan.",
    ),
    "leftover": (
        "Processes from the previous run are still running. Stop them and start again.",
        "Mae prosesau'r rhediad blaenorol yn dal i redeg. Stopiwch nhw a dechreuwch eto.",
    ),
    "nobody yet": (
        "Nobody can sign in yet. To begin, register your local authority and its first administrator:\n"
        '  .venv/bin/cydlynu begin --authority CODE --authority-name "NAME" --username USERNAME --name "YOUR NAME"',
        "Ni all neb fewngofnodi eto. I ddechrau, cofrestrwch eich awdurdod lleol a'i weinyddwr cyntaf:\n"
        '  .venv/bin/cydlynu begin --authority COD --authority-name "ENW" --username ENW_DEFNYDDIWR --name "EICH ENW"',
    ),
    "number": (
        "{name} must be a whole number from 1 to 1000.",
        "Rhaid i {name} fod yn rhif cyfan o 1 i 1000.",
    ),
    "port": (
        "CYDLYNU_PORT must be a whole number from 1 to 65535.",
        "Rhaid i CYDLYNU_PORT fod yn rhif cyfan o 1 i 65535.",
    ),
    "ready": ("Cydlynu is ready at {address}", "Mae Cydlynu yn barod yn {address}"),
    "secret needed": (
        "Set CYDLYNU_SECRET_KEY or CYDLYNU_SECRET_KEY_FILE, the same on every host: forms and sessions rest on it.",
        "Rhowch CYDLYNU_SECRET_KEY neu CYDLYNU_SECRET_KEY_FILE, yr un ar bob gwesteiwr: mae ffurflenni a sesiynau "
        "yn dibynnu arno.",
    ),
    "sign in": (
        "Sign in as (role, username, password):",
        "Mewngofnodwch fel (rôl, enw defnyddiwr, cyfrinair):",
    ),
    "stopping": ("Stopping", "Yn stopio"),
    "stopped": ("Stopped", "Wedi stopio"),
    "unreachable": ("The database cannot be used: {reason}", "Ni ellir defnyddio'r gronfa ddata: {reason}"),
    "waiting": (
        "Stopping processes left by the previous run",
        "Yn stopio prosesau a adawyd gan y rhediad blaenorol",
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
    """Print a message to the operator; a closed terminal is no reason to stop."""
    print_text(operator_sentence(which, **facts))


def print_text(text: str) -> None:
    """Print something to the operator that is no sentence, such as a sign-in."""
    with suppress(OSError):
        print(text, flush=True)
