"""The readers this one is measured beside, each run in a process of its own."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.errors import AutoreaderError, UsageError

logger = logging.getLogger(__name__)

DEFAULT_PYTHON = Path(".venv-peers") / "bin" / "python"
_PROGRAM = Path(__file__).with_name("peer_process.py")
_HOW_TO_INSTALL = "`make peers` installs it, or name the Python that has it with --peers"


class Reader(StrEnum):
    """Who can say what the text of a PDF's pages is."""

    AUTOREADER = "autoreader"
    PYPDFIUM2 = "pypdfium2 raw"
    PDFTOTEXT = "pdftotext -raw"
    PYPDF = "pypdf"
    PDFMINER = "pdfminer.six"
    DOCLING = "docling-parse"


_MODULES = {Reader.PYPDF: "pypdf", Reader.PDFMINER: "pdfminer", Reader.DOCLING: "docling_parse"}


@dataclass(frozen=True, slots=True)
class Peers:
    """The Python interpreter in whose environment the peers are installed; None where there is none."""

    python: Path | None

    def has(self, module: str) -> bool:
        """Whether that environment can import a module."""
        if self.python is None:
            return False
        looked = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        return subprocess.run([self.python, "-I", "-c", looked], check=False).returncode == 0  # noqa: S603 (ours)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file: the text of each page, and the processor seconds it took without its start."""

    pdf: Path
    pages: tuple[str, ...]
    cpu_s: float
    error: str = ""


def find_peers(python: Path | None) -> Peers:
    """The peers of the interpreter named, or of the one that `make peers` makes. Raises UsageError: no such file."""
    if python is not None and not python.is_file():
        raise UsageError(f"--peers: no Python interpreter {python}")
    if python is None and not DEFAULT_PYTHON.is_file():
        return Peers(None)
    return Peers(python or DEFAULT_PYTHON)


def readers_at_hand(peers: Peers) -> list[Reader]:
    """The readers that can take part; of the others the log says how to install them."""
    found = []
    for reader in Reader:
        if absence := absence_of(reader, peers):
            logger.warning("%s", absence)
        else:
            found.append(reader)
    return found


def absence_of(reader: Reader, peers: Peers) -> str:
    """Why a reader cannot take part, and what would change that; empty where it can."""
    match reader:
        case Reader.AUTOREADER | Reader.PYPDFIUM2:
            return ""
        case Reader.PDFTOTEXT:
            has = shutil.which("pdftotext") is not None
            return "" if has else f"{reader}: not installed; it is in the package poppler-utils"
        case _:
            return "" if peers.has(_MODULES[reader]) else f"{reader}: not installed; {_HOW_TO_INSTALL}"


def read_with(reader: Reader, pdfs: Sequence[Path], peers: Peers) -> Iterator[Reading]:
    """The reader's texts of files, in their order, from one process. Raises AutoreaderError where it dies."""
    if not pdfs:
        return
    is_ours = reader in (Reader.AUTOREADER, Reader.PYPDFIUM2, Reader.PDFTOTEXT)
    python = sys.executable if is_ours or peers.python is None else str(peers.python)
    asked = "".join(json.dumps(str(pdf.absolute())) + "\n" for pdf in pdfs)
    command = [python, "-I", str(_PROGRAM), reader.value]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    lines = answer.stdout.splitlines()
    if answer.returncode or len(lines) != len(pdfs):
        said = answer.stderr.strip().rpartition("\n")[2]
        raise AutoreaderError(f"{reader} ended with exit code {answer.returncode}: {said or 'no message'}")
    for pdf, line in zip(pdfs, lines, strict=True):
        told = json.loads(line)
        yield Reading(pdf, tuple(told["pages"]), told["cpu_s"], told["error"])
