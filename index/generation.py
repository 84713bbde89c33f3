"""A generation: one immutable folder holding everything a search needs, and the pointer to the live one.

index/CURRENT               "generation-000007", replaced atomically
index/generation-000007/    manifest.json, columns.npz, vectors.faiss, words/; a large one also has tail.faiss, the rows
                            that were appended since vectors.faiss was made, and refers to the shards
index/generation-000006/    the one before, for readers that have not looked since; files that did not change are links
index/.building-*/          a build under way, or what a killed one left
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from index.approximate import ApproximateIndex
from index.columns import Columns
from index.dense import DenseIndex
from index.lexical import LexicalIndex
from index.manifest import REMEDY, Manifest
from index.neighbours import Neighbours
from index.shard_rows import ShardRows
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError

_POINTER = "CURRENT"
_NAME = re.compile(r"^generation-(\d{6,})$")
COLUMNS, VECTORS, TAIL, WORDS = "columns.npz", "vectors.faiss", "tail.faiss", "words"


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation; never changes, safe to share between threads."""

    manifest: Manifest
    columns: Columns
    dense: Neighbours
    lexical: LexicalIndex

    @classmethod
    def open(cls, folder: Path) -> Generation:
        """Opens a folder. Raises IndexStateError where it is broken, as far as that shows without reading it all."""
        manifest = Manifest.read(folder)
        manifest.check_quickly(folder)
        columns = open_columns(folder, manifest)
        opened = cls(manifest, columns, _open_vectors(folder, manifest, columns), LexicalIndex(folder / WORDS))
        if len(opened.dense) != manifest.rows or len(opened.lexical) != manifest.chunks:
            raise IndexStateError(f"the parts of {folder} disagree on the number of chunks. {REMEDY}")
        return opened

    def check_contract(self, contract: EmbeddingContract) -> None:
        """Raises IndexStateError where the vectors mean something else than the encoder's."""
        built = self.manifest.contract
        if built.key != contract.key:
            raise IndexStateError(
                f"the index was built with {built.model} ({built.key}), the encoder is {contract.model} "
                f"({contract.key}). {REMEDY}"
            )


def open_columns(folder: Path, manifest: Manifest) -> Columns:
    """The columns alone. Raises IndexStateError where they are not what the manifest says."""
    try:
        columns = Columns.load(folder / COLUMNS)
    except (OSError, ValueError, KeyError) as error:
        raise IndexStateError(f"{folder / COLUMNS} cannot be read ({error}). {REMEDY}") from error
    if len(columns) != manifest.rows or len(columns.live) != manifest.chunks:
        raise IndexStateError(f"the parts of {folder} disagree on the number of chunks. {REMEDY}")
    return columns


def _open_vectors(folder: Path, manifest: Manifest, columns: Columns) -> Neighbours:
    alive = ~columns.is_dead if columns.has_dead else None
    if not manifest.indexed_rows:
        return Neighbours(DenseIndex.load(folder / VECTORS), alive=alive)
    shards = folder.parent / manifest.shards_folder
    indexed = columns.places[: manifest.indexed_rows]
    rows = ShardRows(shards, manifest.shards, indexed, manifest.contract.dimension)
    tail = DenseIndex.load(folder / TAIL) if manifest.rows > manifest.indexed_rows else None
    return Neighbours(ApproximateIndex.load(folder / VECTORS, rows), tail, alive)


class GenerationFolder:
    """The folder that holds the generations, and the pointer to the live one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pointer = root / _POINTER

    def live(self) -> Path | None:
        """The live generation's folder; None where none was ever activated or the pointer is unreadable."""
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return self.root / name if _NAME.match(name) else None

    def live_number(self) -> int | None:
        """The live generation's number; None where `live` is."""
        live = self.live()
        return None if live is None else int(live.name.partition("-")[2])

    def state(self) -> tuple[int, int, int] | None:
        """Changes whenever another generation goes live; one system call."""
        try:
            found = self.pointer.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def numbered(self, number: int) -> Path:
        """Where a generation lies."""
        return self.root / f"generation-{number:06d}"

    def all(self) -> dict[int, Path]:
        """Every generation's folder there is, live or not, by number."""
        found = ((_NAME.match(path.name), path) for path in self.root.glob("generation-*"))
        return {int(match[1]): path for match, path in found if match}
