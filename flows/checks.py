"""What `autoreader doctor` looks at."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flows.page_queue import view_queue
from flows.turnover import view_turnover
from flows.wiring import DEAREST_USD_PER_GPU_SECOND, Parts
from pipeline.arxiv_source import open_arxiv_source
from pipeline.digest import OutboxState
from pipeline.errors import AutoreaderError, IndexStateError

_LOW_DISK_GB = 2.0


class CheckState(StrEnum):
    """How well a thing is."""

    OK = "ok"
    ADVICE = "advice"  # it works, and could do better
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `fix` says what to do when it is not well."""

    name: str
    state: CheckState
    detail: str
    fix: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether nothing is broken."""
        return self.state is not CheckState.FAILED


def run_checks(parts: Parts) -> list[Check]:
    """Looks at everything; a check that fails never hides the next."""
    looks: tuple[tuple[str, Callable[[Parts], Check], str], ...] = (
        ("home folder", _home, "free some space, or set AUTOREADER_HOME to another disk"),
        ("database", _database, "check AUTOREADER_DATABASE_URL, and that the server runs"),
        ("embedding model", _model, "reinstall from requirements.lock"),
        ("change of model", _turnover, "nothing to do: each day's run goes on with it; at once: autoreader embed"),
        ("compute", _compute, ""),
        ("search index", _index, "run: autoreader run (or autoreader load FILE)"),
        ("reranker", _reranker, "check the AUTOREADER_RERANK__... settings (autoreader settings)"),
        ("PDF reader", _reader, "reinstall from requirements.lock; raise AUTOREADER_OCR__MEMORY_MB"),
        ("OCR on the CPU", _cpu_ocr, "reinstall from requirements.lock"),
        ("OCR on a GPU", _gpu_ocr, "check the AUTOREADER_OCR__SURYA_... or ..RUNPOD_... settings (docs/serverless.md)"),
        ("OCR budget", _budget, "raise AUTOREADER_OCR__MAX_USD_PER_DAY or ..MAX_CPU_SECONDS_PER_DAY"),
        ("pages given up", _dead_pages, "look at: autoreader pages --failed; try again with --retry"),
        ("arXiv", _arxiv, "check the network and AUTOREADER_ARXIV__BASE_URL, or wait: arXiv may be down"),
        ("contact address", _contact, "set AUTOREADER_ARXIV__CONTACT=you@example.org"),
        ("mail", _mail, "check AUTOREADER_MAIL__SMTP_URL"),
        ("subscribers", _subscribers, "run: autoreader subscribe you@example.org --interest '...'"),
        ("outbox", _outbox, "look at: autoreader outbox; send one after all with --resend ID"),
    )
    return [_look(parts, name, look, fix) for name, look, fix in looks]


def _look(parts: Parts, name: str, look: Callable[[Parts], Check], fix: str) -> Check:
    try:
        found = look(parts)
    except AutoreaderError as error:
        return Check(name, CheckState.FAILED, str(error), fix)
    return Check(name, found.state, found.detail, fix)


def _well(detail: str, *, is_ok: bool = True) -> Check:
    return Check("", CheckState.OK if is_ok else CheckState.FAILED, detail)


def _advice(detail: str, *, is_needed: bool = True) -> Check:
    return Check("", CheckState.ADVICE if is_needed else CheckState.OK, detail)


def _home(parts: Parts) -> Check:
    parts.home.root.mkdir(parents=True, exist_ok=True)
    free_gb = shutil.disk_usage(parts.home.root).free / 1e9
    return _well(f"{parts.home.root}, {free_gb:.1f} GB free", is_ok=free_gb >= _LOW_DISK_GB)


def _database(parts: Parts) -> Check:
    with parts.store.read() as work:
        papers, chunks = work.papers.count(), work.reading.count_chunks()
    return _well(f"{papers} papers, {chunks} chunks")


def _model(parts: Parts) -> Check:
    contract = parts.encoder.contract
    vector = parts.encoder.encode_queries(["a question"])
    return _well(f"{contract.model}, {vector.shape[1]} dimensions, weights {contract.revision[:12]} verified")


def _turnover(parts: Parts) -> Check:
    turnover = view_turnover(parts)
    return _advice(str(turnover) if turnover else "none under way", is_needed=turnover is not None)


def _compute(_: Parts) -> Check:
    import faiss
    import torch

    gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "no GPU"
    return _well(f"{gpu}; FAISS sees {faiss.get_num_gpus()} GPUs; torch {torch.__version__}")


def _index(parts: Parts) -> Check:
    with parts.store.read() as work:
        if work.reading.count_chunks() == 0:
            return _well("empty: nothing has been read yet")
    try:
        result = parts.search.search("a question", limit=1)
    except IndexStateError as error:
        return _well(str(error), is_ok=False)
    return _well(f"answers over {result.total_considered} papers in {result.seconds * 1000:.0f} ms")


def _reranker(parts: Parts) -> Check:
    rerank = parts.settings.rerank
    if parts.scorer is None:
        return _well("none is set up: searches are ordered by words and meaning")
    passages = ["The Dead Sea is the saltiest of the large lakes.", *["Trains leave from platform two. " * 40] * 9]
    started = time.perf_counter()
    scores = parts.scorer.score("Which lake is the saltiest?", (passages * rerank.depth)[: rerank.depth])
    taken_ms = (time.perf_counter() - started) * 1000
    detail = f"{parts.scorer!r} scores {rerank.depth} passages in {taken_ms:.0f} ms"
    if scores.argmax() % len(passages):
        return _advice(f"{detail}, and finds trains nearer to a question about lakes than a lake: is it a reranker?")
    late = f"; a search waits {rerank.budget_ms} ms: raise AUTOREADER_RERANK__BUDGET_MS, or lower ..DEPTH"
    return _advice(detail + late) if taken_ms > rerank.budget_ms else _well(detail)


def _reader(parts: Parts) -> Check:
    return _well(parts.extractor.engine_key)


def _cpu_ocr(parts: Parts) -> Check:
    from ocr import check_rapidocr

    return _well(check_rapidocr(parts.settings.ocr, parts.images))


def _gpu_ocr(parts: Parts) -> Check:
    from ocr import check_surya, has_surya

    ocr = parts.settings.ocr
    if not has_surya(ocr):
        return _well("none is set up: mathematics and tables stay as the text layer has them")
    answer = check_surya(ocr)
    if not ocr.surya_url and not ocr.usd_per_gpu_second:
        price = f"AUTOREADER_OCR__USD_PER_GPU_SECOND is not set: {DEAREST_USD_PER_GPU_SECOND} is counted"
        return _advice(f"{answer}; {price}")
    return _well(answer)


def _budget(parts: Parts) -> Check:
    view = view_queue(parts, ())
    detail = (
        f"today {view.today.cpu_seconds:.0f} of {view.max_cpu_seconds:.0f} processor seconds"
        f" and {view.today.cost_usd:.2f} of {view.max_usd:.2f} US dollars"
    )
    if reasons := [f"{one.pages} pages wait for {one.engine.value}: {one.why}" for one in view.waiting]:
        return _advice("; ".join([detail, *reasons]))
    if parts.settings.ocr.usd_per_gpu_second and not view.max_usd:
        return _advice(f"{detail}: the rented GPU is never used")
    return _well(detail)


def _dead_pages(parts: Parts) -> Check:
    dead = len(view_queue(parts, ()).failed)
    return _advice(f"{dead}", is_needed=bool(dead))


def _arxiv(parts: Parts) -> Check:
    once = parts.settings.arxiv.model_copy(update={"attempts": 1, "timeout_s": 10.0})
    with open_arxiv_source(once, parts.home.root) as source:
        feed = source.feed(once.categories)
    return _well(f"the feed shows {feed.day} with {len(feed.entries)} papers")


def _contact(parts: Parts) -> Check:
    contact = parts.settings.arxiv.contact
    return _advice(contact or "none is set, and arXiv asks for one", is_needed=not contact)


def _mail(parts: Parts) -> Check:
    kind = type(parts.transport).__name__  # opening it reads and checks the address
    return _well("written as files: " + str(parts.home.outbox) if kind == "FileTransport" else "sent by SMTP")


def _subscribers(parts: Parts) -> Check:
    with parts.store.read() as work:
        active = len(work.subscribers.active())
    return _advice(f"{active} active", is_needed=not active)


def _outbox(parts: Parts) -> Check:
    with parts.store.read() as work:
        stuck = work.issues.in_state([OutboxState.HELD, OutboxState.FAILED])
    return _well(f"{len(stuck)} mails held or refused", is_ok=not stuck)
