from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline.blobs import Blobs, write_atomically
from pipeline.errors import StoreError


def test_content_comes_back_under_its_hash(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)

    sha256 = blobs.put(b"words")

    assert sha256 == hashlib.sha256(b"words").hexdigest()
    assert blobs.get(sha256) == b"words"
    assert blobs.path(sha256) == tmp_path / sha256[:2] / sha256[2:]


def test_an_altered_blob_is_refused(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(b"words")
    blobs.path(sha256).write_bytes(b"other")

    with pytest.raises(StoreError, match="does not hold what its name says"):
        blobs.get(sha256)


def test_a_blob_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        Blobs(tmp_path).get("0" * 64)


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="cannot write"):
        write_atomically(tmp_path / "file" / "blob", b"words")


def test_nothing_is_left_beside_a_written_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"1")
    write_atomically(tmp_path / "a", b"2")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"2")]
