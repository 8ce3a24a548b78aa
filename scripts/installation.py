"""Make a virtual environment from a lock file, once: python -I scripts/installation.py LOCK VENV

Runs before anything is installed, so it uses the standard library only. Nothing is done when the environment has
what the lock says. Two at once: the second waits for the first. One that was interrupted is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def main(lock: Path, venv: Path) -> int:
    """Make `venv` hold exactly the hashed packages of `lock`, and this checkout in editable form."""
    with _alone() as held:
        stamp, wanted = venv / f"{lock.name}.installed", _wanted(lock, venv)
        if _works(venv) and stamp.exists() and stamp.read_text() == wanted:
            return 0
        print(f"Installing the packages in {lock.name} / Yn gosod y pecynnau yn {lock.name}", flush=True)
        unfinished = venv / "unfinished"
        if venv.exists() and (unfinished.exists() or not _works(venv)):
            shutil.rmtree(venv)
        fresh = not venv.exists()
        venv.mkdir(parents=True, exist_ok=True)
        unfinished.touch()
        try:
            if fresh:
                _run(held, sys.executable, "-I", "-m", "venv", str(venv))
            pip = (str(venv / "bin/python"), "-I", "-m", "pip", "install", "-qq")
            _run(held, *pip, "--require-hashes", "--requirement", str(lock))
            _run(held, *pip, "--no-build-isolation", "--no-deps", "--editable", str(CHECKOUT))
        except subprocess.CalledProcessError as error:
            return error.returncode or 1  # the step has already printed why
        stamp.write_text(wanted)
        unfinished.unlink()
    return 0


def _wanted(lock: Path, venv: Path) -> str:
    """The packages, the checkout's own requirements, and the places of both: the environment is made again when one
    changes."""
    digest = hashlib.sha256()
    for file in (lock, CHECKOUT / "setup.cfg", CHECKOUT / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(os.fsencode(f"{CHECKOUT}\n{venv}"))
    return digest.hexdigest()


def _works(venv: Path) -> bool:
    """Whether the environment's Python runs: the Python that it was made from may have been removed."""
    try:
        command = [str(venv / "bin/python"), "-I", "-c", "import pip"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(held: int, *command: str) -> None:
    """Run a step; it also holds the checkout's lock, so that no other process interferes when its parent was killed."""
    # pip never by its own name: that file's first line names the interpreter, whose path may have a space.
    settings = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    environment = {**os.environ, **settings}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, pass_fds=(held,), check=True)


@contextmanager
def _alone() -> Iterator[int]:
    """Hold the checkout's lock; it lies on the folder itself, so no file is made for it."""
    folder = os.open(CHECKOUT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()))
