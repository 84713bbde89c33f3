"""What a generation says of itself: from what it was built, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.shard_rows import ShardFile
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import Shard

FORMAT = 2  # of the files beside the manifest; readers refuse any other
_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps each file's relative path to (bytes, SHA-256); `source` sums up shards and fingerprint."""

    format: int
    number: int
    contract: EmbeddingContract
    source: str
    chunks: int
    papers: int
    without_vector: int
    files: dict[str, tuple[int, str]]
    shards: tuple[ShardFile, ...] = ()  # what an approximate index rescores from; none for an exact one
    shards_folder: str = ""  # relative to the folder of the generations

    def write(self, folder: Path) -> None:
        """Writes it into the generation's folder; the caller syncs it."""
        (folder / _NAME).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Reads a generation's manifest. Raises IndexStateError where there is none that we understand."""
        try:
            fields = json.loads((folder / _NAME).read_text(encoding="utf-8"))
            if fields["format"] != FORMAT:
                raise IndexStateError(f"{folder} has format {fields['format']}, this version reads {FORMAT}. {REMEDY}")
            fields["contract"] = EmbeddingContract(**fields["contract"])
            fields["files"] = {name: (size, sha256) for name, (size, sha256) in fields["files"].items()}
            fields["shards"] = tuple(ShardFile(**shard) for shard in fields["shards"])
            return cls(**fields)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexStateError(f"{folder} has no usable manifest ({error}). {REMEDY}") from error

    def check_sizes(self, folder: Path) -> None:
        """Raises IndexStateError where a file is missing or has another length."""
        for name, (size, _) in self.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != size:
                raise IndexStateError(f"{path} is missing or cut short. {REMEDY}")

    def check_contents(self, folder: Path) -> None:
        """Raises IndexStateError where a file was altered. Reads everything: about a second per gigabyte."""
        self.check_sizes(folder)
        for name, (_, sha256) in self.files.items():
            if _sha256(folder / name) != sha256:
                raise IndexStateError(f"{folder / name} was altered. {REMEDY}")


REMEDY = "The next `autoreader run` builds the index anew from the stored vectors."


def describe_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Length and SHA-256 of every file below a folder, hidden ones (locks) left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, _sha256(path)) for path in found}


def source_key(shards: Sequence[Shard], fingerprint: str) -> str:
    """One name for all an index is derived from, whatever the order of the shards."""
    parts = [fingerprint, *sorted(shard.sha256 for shard in shards)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
