"""Meaning and words: the encoder, the vectors on disk, the generations built from them, and search.

    encoder = open_encoder(settings.index, chunker)           # pipeline.ports.Encoder
    shards = open_shards(home / "vectors")                    # pipeline.ports.VectorShards
    builder = open_builder(home / "index", home / "vectors")  # pipeline.ports.GenerationBuilder
    search = open_search(home / "index", encoder)             # SearchService; one serves all threads

Queries are plain words or the language of `index.query`. A hit is complete: title, authors, passages with page and box
come from the index itself, no store is asked.
"""

from __future__ import annotations

from pathlib import Path

from index.builder import GenerationIndexBuilder
from index.encoders import EncoderSource, live_contract
from index.evidence import Evidence
from index.generation import GenerationFolder
from index.head import SecondLook
from index.hits import Hit, SearchResult
from index.models import open_encoder
from index.query import highlight
from index.search import EncoderOf, SearchService
from index.shards import FileShards
from index.upkeep import IndexStats, Verification, index_stats, sweep_shards, verify_index
from pipeline.kinship import KinOf, nobody
from pipeline.ports import Encoder, GenerationBuilder, VectorShards

__all__ = [
    "EncoderSource",
    "Evidence",
    "Hit",
    "IndexStats",
    "SearchResult",
    "SearchService",
    "SecondLook",
    "Verification",
    "highlight",
    "index_stats",
    "live_contract",
    "live_generation",
    "open_builder",
    "open_encoder",
    "open_search",
    "open_shards",
    "sweep_shards",
    "verify_index",
]


def open_shards(folder: Path) -> VectorShards:
    """The vectors below a folder, which need not exist yet."""
    return FileShards(folder)


def open_builder(index_folder: Path, shards_folder: Path) -> GenerationBuilder:
    """Builds generations below `index_folder` from the vectors below `shards_folder`."""
    return GenerationIndexBuilder(index_folder, FileShards(shards_folder))


def open_search(
    index_folder: Path,
    encoder: Encoder,
    second: SecondLook | None = None,
    others: EncoderOf | None = None,
    kin_of: KinOf = nobody,
) -> SearchService:
    """Search over the live generation; it may be opened before there is one.

    `second` looks at the head again; `others` opens the encoder of a generation made with another model; `kin_of` tells
    what citations tie to the papers of `like:`.
    """
    return SearchService(index_folder, encoder, second, others, kin_of)


def live_generation(index_folder: Path) -> int | None:
    """The number of the live generation, None where there is none; two system calls, nothing is loaded."""
    return GenerationFolder(index_folder).live_number()
