"""What a generation says of itself: from what it was built, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.lexical_schema import schema_key
from index.shard_rows import ShardFile
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import Shard

FORMAT = 3  # of the files beside the manifest; readers refuse any other
_NAME = "manifest.json"
_CHECKED_WHEN_OPENED = 200_000_000  # bytes: a fifth of a second; above, `index verify` reads them all

Files = dict[str, tuple[int, str]]  # relative path -> bytes, SHA-256


@dataclass(frozen=True, slots=True)
class Manifest:
    """`chunks` are those that can be found; `rows` counts the dead ones too; `source` sums up shards and fingerprint.

    `indexed_rows` of them are in the index of cells, which was `learned_from` so many vectors; both 0 for an exact one.
    """

    format: int
    number: int
    contract: EmbeddingContract
    source: str
    chunks: int
    rows: int
    papers: int
    without_vector: int
    files: Files
    shards: tuple[ShardFile, ...]  # in the order of the columns' places
    shards_folder: str  # relative to the folder of the generations
    indexed_rows: int = 0
    learned_from: int = 0
    words: str = field(default_factory=schema_key)

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
            if fields["words"] != schema_key():
                raise IndexStateError(f"the words in {folder} were indexed by other rules. {REMEDY}")
            fields["contract"] = EmbeddingContract(**fields["contract"])
            fields["files"] = {name: (size, sha256) for name, (size, sha256) in fields["files"].items()}
            fields["shards"] = tuple(ShardFile(**shard) for shard in fields["shards"])
            return cls(**fields)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexStateError(f"{folder} has no usable manifest ({error}). {REMEDY}") from error

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())

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

    def check_shards(self, folder: Path, wanted: Collection[str]) -> None:
        """Raises IndexStateError where a shard it refers to, of those still wanted, is gone."""
        for file in self.shards:
            if file.path in wanted and not (folder / file.path).is_file():
                raise IndexStateError(f"the vectors in {folder / file.path} are gone. {REMEDY}")

    def check_quickly(self, folder: Path) -> None:
        """Sizes, and contents where that takes no time. Raises as `check_contents`."""
        if self.size <= _CHECKED_WHEN_OPENED:
            self.check_contents(folder)
        else:
            self.check_sizes(folder)


REMEDY = "The next `autoreader run` builds the index anew from the stored vectors."


def describe_files(folder: Path, before: Path | None = None, known: Files | None = None) -> Files:
    """Length and SHA-256 of every file below a folder, hidden ones (locks) left out.

    Of files that are links to those of the generation `before` the checksum is known.
    """
    described: Files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        name = path.relative_to(folder).as_posix()
        if before is not None and known and name in known and _are_one(path, before / name):
            described[name] = known[name]
        else:
            described[name] = (path.stat().st_size, _sha256(path))
    return described


def source_key(shards: Sequence[Shard], fingerprint: str) -> str:
    """One name for all an index is derived from, whatever the order of the shards."""
    parts = [fingerprint, *sorted(shard.sha256 for shard in shards)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _are_one(one: Path, other: Path) -> bool:
    return other.is_file() and one.samefile(other)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
