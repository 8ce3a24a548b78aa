"""The two commands say what is missing before anything of theirs can run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
OLD = '#!/bin/sh\ncase "$3" in *print*) echo 3.9 ;; *) exit 1 ;; esac\n'
BARE = '#!/bin/sh\ncase "$3" in *print*) echo 3.12 ;; *ensurepip*) exit 1 ;; esac\n'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the plainest tools and no Python."""
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    return tmp_path


def run(machine: Path) -> str:
    command = ["/bin/sh", str(SCRIPTS / "environment"), "no.lock", str(machine / "venv")]
    done = subprocess.run(command, env={"PATH": str(machine)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert not (machine / "venv").exists()
    return done.stderr


def install(machine: Path, name: str, program: str) -> None:
    (machine / name).write_text(program)
    (machine / name).chmod(0o755)


def test_a_machine_without_python_is_told_what_it_needs(machine: Path) -> None:
    assert run(machine).startswith(
        "Cydlynu needs Python 3.11 or newer; none was found.\nMae angen Python 3.11"
    )


def test_an_old_and_an_incomplete_python_are_named(machine: Path) -> None:
    install(machine, "python3", OLD)
    install(machine, "python3.12", BARE)
    install(machine, "python3.13", "#!/bin/sh\nexit 127\n")  # a version manager's name with nothing behind it
    said = run(machine)
    assert "python3 is Python 3.9: too old" in said
    assert "python3.12 is Python 3.12, without its modules venv and ensurepip" in said
    assert "apt-get install python3.12-venv" in said
    assert "python3.13" not in said


@pytest.mark.parametrize("script", ["run", "test", "check", "environment", "../.ci/run"])
def test_the_commands_are_plain_shell_and_can_be_run(script: str) -> None:
    path = SCRIPTS / script
    assert path.read_text().startswith("#!/bin/sh\n")
    assert path.stat().st_mode & 0o111 == 0o111
    subprocess.run(["/bin/sh", "-n", str(path)], check=True)
