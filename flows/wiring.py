"""The composition root: the only file that chooses implementations.

Everything heavy (the model, the index, the database) is opened on first use, so that `autoreader ledger` does
not load torch.
"""

from __future__ import annotations

import hashlib
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from flows.clocks import SystemClock
from flows.home import Home
from pipeline.arxiv_source import Calendar, load_calendar
from pipeline.blobs import Blobs, make_folder, write_atomically
from pipeline.candidates import Vectors
from pipeline.chunk import CHUNKER
from pipeline.config import OcrSettings, Settings
from pipeline.illustrations import Illustrator
from pipeline.ports import (
    Clock,
    Composer,
    Encoder,
    GenerationBuilder,
    MailTransport,
    PageImages,
    PairScorer,
    PaperSource,
    Ranker,
    TextExtractor,
    VectorShards,
)
from pipeline.selection import Selection
from pipeline.stages import (
    EMBEDDED_AS,
    PageEngines,
    PageLimits,
    Progress,
    RankTools,
    Sender,
    StageContext,
    no_progress,
)
from pipeline.store import Store, open_store
from pipeline.store.pair_scores import StoredPairScores
from pipeline.teasers import IllustratedComposer

if TYPE_CHECKING:
    from index import EncoderSource, SearchService
    from ocr.sandbox.extractor import SandboxedExtractor
    from pipeline.arxiv_source import Lookup

# What a page is taken to need before the first was read: 0.19 s were published for one 5090 kept busy
# (docs/serverless.md), ten times that for one that is not.
_GPU_SECONDS_A_PAGE = 2.0
DEAREST_USD_PER_GPU_SECOND = 0.00116  # RunPod's H100 (its docs, 2026-08)


class Parts:
    """Everything a command or flow may need, opened when first asked for and closed together."""

    def __init__(self, settings: Settings, clock: Clock, closing: ExitStack, progress: Progress) -> None:
        self.settings = settings
        self.clock = clock
        self.home = Home(settings.home)
        self._closing = closing
        self._progress = progress

    @cached_property
    def store(self) -> Store:
        """The database, migrated."""
        store = open_store(self.settings.database)
        self._closing.callback(store.close)
        return store

    @cached_property
    def blobs(self) -> Blobs:
        """The files."""
        return Blobs(self.home.blobs)

    @property
    def context(self) -> StageContext:
        """What the stages work with."""
        return StageContext(self.store, self.blobs, self.clock, self._progress)

    @cached_property
    def source(self) -> PaperSource:
        """ArXiv."""
        from pipeline.arxiv_source import open_arxiv_source

        return open_arxiv_source(self.settings.arxiv, self.settings.home)

    @cached_property
    def calendar(self) -> Calendar:
        """When arXiv announces."""
        return load_calendar(self.settings.home)

    @cached_property
    def lookup(self) -> Lookup:
        """Ad-hoc search at arXiv."""
        from pipeline.arxiv_source import open_lookup

        return open_lookup(self.settings.arxiv, self.settings.home)

    @cached_property
    def _sandbox(self) -> SandboxedExtractor:
        from ocr import open_extractor

        return self._closing.enter_context(open_extractor(self.settings.ocr))

    @property
    def extractor(self) -> TextExtractor:
        """The PDF reader, in processes of its own."""
        return self._sandbox

    @property
    def images(self) -> PageImages:
        """Draws pages, in the same processes."""
        return self._sandbox

    @property
    def _ocr(self) -> OcrSettings:
        """The settings of OCR; a rented GPU whose price nobody set counts as the dearest one."""
        ocr = self.settings.ocr
        if ocr.runpod_endpoint and not ocr.surya_url and not ocr.usd_per_gpu_second:
            return ocr.model_copy(update={"usd_per_gpu_second": DEAREST_USD_PER_GPU_SECOND})
        return ocr

    @cached_property
    def engines(self) -> PageEngines:
        """Who reads which page; a model is loaded when a page needs it."""
        from ocr import open_assembler, open_readers, open_router

        readers = open_readers(self._ocr, self.images, self._closing)
        return PageEngines(open_router(self._ocr), readers, open_assembler())

    @property
    def page_limits(self) -> PageLimits:
        """What OCR may take in a day."""
        ocr = self._ocr
        return PageLimits(
            max_usd_per_day=ocr.max_usd_per_day,
            max_cpu_seconds_per_day=ocr.max_cpu_seconds_per_day,
            attempts=ocr.page_attempts,
            # A page may wait for a cold endpoint, and then in its queue. The next run of this home takes it back at
            # once whatever the lease says; it is for other homes over the same database.
            lease=timedelta(seconds=ocr.cold_start_s + 2 * ocr.page_timeout_s),
            usd_guess=ocr.usd_per_gpu_second * _GPU_SECONDS_A_PAGE,
        )

    @property
    def owner(self) -> str:
        """Who leases pages: this home on this machine, of which one run at a time works (`flows.lock`)."""
        place = f"{socket.gethostname()}:{self.home.root.resolve()}"
        return hashlib.sha256(place.encode()).hexdigest()[:16]

    @cached_property
    def encoder(self) -> Encoder:
        """The embedding model."""
        return self.encoders.configured()

    @cached_property
    def encoders(self) -> EncoderSource:
        """The embedding model that is set, and the one before it while that still serves."""
        from index import EncoderSource

        return EncoderSource(self.settings.index, f"{CHUNKER} {EMBEDDED_AS}", self.home.models)

    @cached_property
    def shards(self) -> VectorShards:
        """The vectors on disk."""
        from index import open_shards

        return open_shards(self.home.vectors)

    @property
    def embedded(self) -> Vectors:
        """The vectors made with this encoder."""
        return Vectors(self.shards, self.encoder.contract.key)

    @cached_property
    def builder(self) -> GenerationBuilder:
        """Builds the search index."""
        from index import open_builder

        return open_builder(self.home.index, self.home.vectors)

    @cached_property
    def search(self) -> SearchService:
        """Searches it."""
        from index import SecondLook, open_search
        from pipeline.related import kin_in
        from rerank import in_time

        rerank = self.settings.rerank
        second = SecondLook(in_time(self.scorer, rerank), rerank.depth, rerank.weight) if self.scorer else None
        return open_search(self.home.index, self.encoder, second, self.encoders.for_contract, kin_in(self.store))

    @cached_property
    def scorer(self) -> PairScorer | None:
        """The reranker, where one is set up."""
        from rerank import open_scorer

        return open_scorer(self.settings.rerank, self._closing)

    @cached_property
    def ranker(self) -> Ranker:
        """Orders a day for a reader, with the models that serve."""
        from rerank import SecondStage, open_draft, open_ranker
        from rerank.registry import Registry
        from rerank.second_look import Look
        from rerank.serving import open_day_adapter, open_day_scorer

        rerank, registry = self.settings.rerank, Registry(self.home.trained)
        found, second = open_day_scorer(rerank, registry, self._closing), None
        if found:
            memory = StoredPairScores(self.store, found.key, self.clock)
            second = SecondStage(found.scorer, memory, Look(rerank.depth, rerank.weight, rerank.day_budget_s))
        ranker = open_ranker(self.encoder, open_day_adapter(registry, self.encoder.contract.key), second)
        return open_draft(ranker, rerank.rival, self.encoder) if rerank.rival else ranker

    @property
    def rank_tools(self) -> RankTools:
        """What a day's ranking is made with."""
        return RankTools(self.ranker, self.embedded, self.selection)

    @cached_property
    def composer(self) -> Composer:
        """Prints a digest, with the figures its recipient may see."""
        from mailer import open_composer

        plain = open_composer(self.settings.mail, self.settings.web, self.secret, self.clock)
        illustrator = Illustrator(self.store, self.blobs, self.images)
        return IllustratedComposer(plain, self.store, illustrator, self.settings.arxiv.contact)

    @cached_property
    def transport(self) -> MailTransport:
        """Carries it."""
        from mailer import open_transport

        return open_transport(self.settings.mail, self.home.outbox)

    @cached_property
    def secret(self) -> str:
        """Signs links: the setting, or one made once and kept in the home folder."""
        if configured := self.settings.secret_key.get_secret_value():
            return configured
        kept = self.home.root / "secret.key"
        if not kept.exists():
            write_atomically(kept, secrets.token_urlsafe(32).encode())
            kept.chmod(0o600)
        return kept.read_text(encoding="ascii")

    @property
    def selection(self) -> Selection:
        """How much of a ranking is mailed."""
        return Selection(self.settings.mail.max_items, self.settings.mail.min_probability)

    @property
    def sender(self) -> Sender:
        """Who claims messages."""
        return Sender(secrets.token_hex(8), self.settings.mail.attempts)


@contextmanager
def open_parts(settings: Settings, clock: Clock | None = None, progress: Progress = no_progress) -> Iterator[Parts]:
    """Opens the installation behind some settings; closes what was opened at the end."""
    make_folder(settings.home, mode=0o700)  # it holds addresses and interests: for its owner's eyes
    with ExitStack() as closing:
        yield Parts(settings, clock or SystemClock(), closing, progress)
