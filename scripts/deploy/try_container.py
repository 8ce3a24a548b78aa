"""Do the steps of `Containerfile` in a folder, where there is no container engine.

    python -m scripts.deploy.try_container

Copies what the file copies, runs its step that makes the environment, and starts its program from there, without this
checkout: it must say which setting is missing. What only an engine can show (base image, account, the read-only
file system) is not tried. Needs the packages of the lock file. Exit status: 0 when it works, otherwise 1.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TEXT = Path(__file__).with_name("Containerfile").read_text()


def main() -> int:
    """The exit status, see above."""
    with tempfile.TemporaryDirectory(prefix="cydlynu-container-") as made:
        folder = Path(made)
        for line in re.findall(r"^COPY (.+)$", TEXT, re.MULTILINE):
            *sources, target = line.split()
            for source in sources:
                _copy(CHECKOUT / source, folder / (source if target == "./" else target))
        [step] = re.findall(r"^RUN (scripts/environment .+)$", TEXT, re.MULTILINE)
        subprocess.run(step.split(), cwd=folder, check=True)
        [entry] = re.findall(r"^ENTRYPOINT (.+)$", TEXT, re.MULTILINE)
        [usual] = re.findall(r"^CMD (.+)$", TEXT, re.MULTILINE)
        command = [part.replace("/opt/cydlynu", made) for part in (*json.loads(entry), *json.loads(usual))]
        data = {"CYDLYNU_DATA": str(folder / "data"), "PATH": "/usr/bin:/bin"}
        said = subprocess.run(command, cwd=folder, env=data, capture_output=True, text=True, check=False)
        other = subprocess.run([command[0], "--help"], env=data, capture_output=True, text=True, check=False)
    print(said.stderr.strip())
    return 0 if said.returncode == 1 and "DATABASE_URL" in said.stderr and "prepare" in other.stdout else 1


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


if __name__ == "__main__":
    sys.exit(main())
