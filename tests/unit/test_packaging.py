"""What holds the house together from outside: names, versions, migrations, layers."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pipeline", "ocr", "index", "rerank", "mailer", "web", "flows")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_owns_a_top_level_name(package: str) -> None:
    owners = set(importlib.metadata.packages_distributions().get(package, ["autoreader"]))

    assert owners == {"autoreader"}


def test_no_file_in_flows_bears_the_name_of_a_package() -> None:
    assert not {path.stem for path in (ROOT / "flows").iterdir()} & set(PACKAGES)


def test_every_version_of_the_lock_is_exact_and_installed() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line.partition("==") for line in lines]

    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[^=]+", line)] == []
    wrong = {name: importlib.metadata.version(name) for name, _, version in pins if not _is_installed(name, version)}
    assert wrong == {}


def _is_installed(name: str, version: str) -> bool:
    return importlib.metadata.version(name).partition("+")[0] == version


# Surya pins what would break torch; rapid-layout asks for a second build of the OpenCV that is there
# (docs/decisions/0002).
_KNOWN = ("surya-ocr ", "rapid-layout 1.2.1 requires opencv-python, which is not installed.")


def test_the_lock_satisfies_everybody_but_surya_and_one_wish_of_rapid_layout() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False, timeout=120
    )

    complaints = [line for line in done.stdout.splitlines() if line and not line.startswith("No broken")]
    assert [line for line in complaints if not line.startswith(_KNOWN)] == []


def test_every_dependency_of_the_package_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {line.partition("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines()}

    assert {re.split(r"[<>=\[ ]", name)[0].lower() for name in wanted} - locked == set()
