"""Reads an exported file of any kind; the kind is told by what it holds, not by its name."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import NotFoundError, UsageError
from pipeline.library.bibtex import read_bibtex
from pipeline.library.entry import Shelf
from pipeline.library.id_list import is_list, read_list
from pipeline.library.ris import is_ris, read_ris
from pipeline.library.table import is_table, read_table

MAX_BYTES = 256 * 2**20  # 100,000 entries with abstracts and notes are half of it
_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_REMEDY = "export the library as BibTeX, RIS or CSV, or give a list of arXiv ids, one a line"
_FOREIGN = (
    (b"%PDF-", "a PDF"),
    (b"SQLite format 3\0", "a database (Zotero's own, perhaps)"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "packed with gzip"),
)


def read_library(path: Path) -> Shelf:
    """All entries of a file. Raises NotFoundError, or UsageError for a file that is no library."""
    return read_text(_decode(path, _bytes(path)), str(path))


def read_text(text: str, name: str) -> Shelf:
    """All entries of a text. Raises UsageError for one that is no library; `name` is what it is called there."""
    if not text.strip():
        raise UsageError(f"{name} is empty; {_REMEDY}")
    if is_table(text):  # first, for its cells may hold any of the others
        return read_table(text)
    if _BIBTEX.search(text):
        return read_bibtex(text)
    if is_ris(text):
        return read_ris(text)
    if is_list(text):
        return read_list(text)
    what = {"<": "XML or a web page", "{": "JSON", "[": "JSON"}.get(text.lstrip()[0], "no library that is known here")
    raise UsageError(f"{name} is {what}; {_REMEDY}")


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise NotFoundError(f"no file {path}")
        if path.is_dir():
            raise UsageError(f"{path} is a folder; {_REMEDY}")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise UsageError(f"{path} has {size // 2**20} MB, more than the {MAX_BYTES // 2**20} that are read at once")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _decode(path: Path, content: bytes) -> str:
    """UTF-8, or UTF-16 with its mark, else Windows' Western alphabet, as older programs on Windows write it."""
    for magic, what in _FOREIGN:
        if content.startswith(magic):
            raise UsageError(f"{path} is {what}; {_REMEDY}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
