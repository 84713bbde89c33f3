"""What every test stands on: no outside network, no state of the machine's user, one thread of arithmetic."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

for _name, _value in {
    "OMP_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}.items():
    os.environ.setdefault(_name, _value)


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a newcomer: no AUTOREADER_ variables, no autoreader.toml, a home of its own."""
    for name in [name for name in os.environ if name.startswith("AUTOREADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AUTOREADER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUTOREADER_CONFIG", str(tmp_path / "no-such.toml"))
