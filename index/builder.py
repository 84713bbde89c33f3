"""Building the next generation beside the live one, so that a crash at any moment leaves the old one serving."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from index.files import TEMPORARY, exclusive, scratch, sync_tree
from index.generation import GenerationFolder
from index.increment import Content, ContentLayout, Start, write_content
from index.manifest import FORMAT, Manifest, describe_files, source_key
from index.shards import FileShards
from pipeline.blobs import write_atomically
from pipeline.document import EmbeddingContract
from pipeline.errors import IndexStateError
from pipeline.ports import ChunkSource, Shard

logger = logging.getLogger(__name__)
_EXACT_UP_TO = 200_000  # vectors: so many are compared one by one in 12 ms
_EXACT_UP_TO_ON_GPU = 5_000_000  # 3.8 GB of its memory


class GenerationIndexBuilder:
    """Implements `pipeline.ports.GenerationBuilder` over a folder of generations."""

    def __init__(self, root: Path, shards: FileShards, exact_up_to: int | None = None) -> None:
        self._folder = GenerationFolder(root)
        self._shards = shards
        self._exact_up_to = exact_up_to

    def is_current(self, contract: EmbeddingContract, shards: Sequence[Shard], fingerprint: str) -> bool:
        """Whether the live generation was built from exactly this and all its files are in place."""
        live = self._folder.live()
        if live is None:
            return False
        try:
            manifest = Manifest.read(live)
            manifest.check_sizes(live)
        except IndexStateError as error:
            logger.warning("the live index will be rebuilt: %s", error)
            return False
        return manifest.contract.key == contract.key and manifest.source == source_key(shards, fingerprint)

    def build(
        self,
        contract: EmbeddingContract,
        shards: Sequence[Shard],
        source: ChunkSource,
        fingerprint: str,
        *,
        afresh: bool = False,
    ) -> int:
        """Builds and activates the next generation and returns its number.

        It is the live one with what changed since, unless that cannot be gone on from, or `afresh` is asked for.
        Raises IndexStateError for shards of another contract, damaged ones, or while another build runs; StoreError
        where the folder cannot be written. The live generation is untouched then.
        """
        foreign = [shard.path for shard in shards if shard.contract_key != contract.key]
        if foreign:
            raise IndexStateError(f"{foreign[0]} holds vectors of another embedding contract than {contract.key}")
        with exclusive(self._folder.root):
            previous = self._folder.live()
            self._sweep(previous)
            number = max(self._folder.all(), default=0) + 1
            start = Start() if afresh else Start.of(previous, contract, shards, self._shards)
            with scratch(self._folder.root) as folder:
                layout = ContentLayout(self._shards, contract.dimension, self._most_exact())
                content = write_content(folder, start, shards, source, layout)
                manifest = self._manifest(number, contract, source_key(shards, fingerprint), content, folder, start)
                manifest.write(folder)
                self._activate(folder, number)
            self._remove_all_but(self._folder.numbered(number), previous)
        logger.info("generation %d is live: %d chunks of %d papers", number, manifest.chunks, manifest.papers)
        return number

    def _manifest(  # noqa: PLR0913, PLR0917 - all that a generation says of itself
        self, number: int, contract: EmbeddingContract, source: str, content: Content, folder: Path, start: Start
    ) -> Manifest:
        if content.without_vector:
            logger.info("%d chunks have no vector and will be found by their words alone", content.without_vector)
        return Manifest(
            format=FORMAT,
            number=number,
            contract=contract,
            source=source,
            chunks=content.chunks,
            rows=len(content.columns),
            papers=content.papers,
            without_vector=content.without_vector,
            files=describe_files(folder, start.folder, start.files),
            shards=content.shards,
            shards_folder=os.path.relpath(self._shards.folder, self._folder.root),
            indexed_rows=content.indexed_rows,
            learned_from=content.learned_from,
        )

    def _most_exact(self) -> int:
        if self._exact_up_to is not None:
            return self._exact_up_to
        import faiss

        return _EXACT_UP_TO_ON_GPU if faiss.get_num_gpus() else _EXACT_UP_TO

    def _activate(self, folder: Path, number: int) -> None:
        sync_tree(folder)
        final = self._folder.numbered(number)
        folder.rename(final)
        write_atomically(self._folder.pointer, f"{final.name}\n".encode())  # syncs the folder: the rename is durable

    def _sweep(self, live: Path | None) -> None:
        """Removes what killed builds left: scratch folders, and generations that never went live."""
        for left in self._folder.root.glob(f"{TEMPORARY}*"):
            shutil.rmtree(left)
        if live is not None:
            for path in self._folder.all().values():
                if path.name > live.name:
                    shutil.rmtree(path)

    def _remove_all_but(self, live: Path, previous: Path | None) -> None:
        for path in self._folder.all().values():
            if path not in (live, previous):
                shutil.rmtree(path)
