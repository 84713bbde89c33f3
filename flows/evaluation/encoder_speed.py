"""How fast texts become vectors: this encoder beside plain sentence-transformers, in turns in one run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flows.evaluation.rows import Row
from index.encoder import unit_length
from index.packaged import packaged_model
from index.processor import has_bfloat16, has_gpu
from index.sentence_bert import read_sentence_bert
from pipeline.errors import UsageError
from pipeline.ports import F32
from pipeline.stages import Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PLAIN, OURS = "sentence-transformers", "autoreader"
_DATASET = "encoder"
_REST_S = 0.3  # torch's threads go on spinning for a while after their work; the next one shall not pay for it
_GEMM = (3072, 1536, 384)  # the second half of a layer over 3,072 tokens
_Encode = Callable[[Sequence[str]], F32]


@dataclass(slots=True)
class _Turns:
    """What a contender took for all texts, round by round, and what came of the first."""

    encode: _Encode
    cpu_s: list[float] = field(default_factory=list)
    wall_s: list[float] = field(default_factory=list)
    vectors: F32 | None = None


def measure_encoder(model: str, texts: Sequence[str], rounds: int, progress: Progress) -> list[Row]:
    """Medians over rounds, in each of which every contender embeds the same texts; ratios are taken within a round.

    `model` is a name or folder, "" for the packaged one. Plain is `SentenceTransformer(model).encode(texts)` with its
    defaults. The ceiling is torch's matrix product of one thread, in the fastest type that the processor computes; only
    the matrix products of a BERT's own tokens count as work. Raises UsageError where there are no texts.
    """
    if not texts:
        raise UsageError("there are no texts to embed")
    plain = _plain(model)
    turns = {name: _Turns(encode) for name, encode in _contenders(model, plain).items()}
    ceilings: list[float] = []
    for one in turns.values():
        one.encode(texts[:8])  # what is done once, at the first call, is not measured
    for number in range(rounds):
        ceilings.append(_gemm_gflop_per_s())
        for place, one in enumerate(turns.values()):
            _take_turn(one, texts)
            progress("bench", number * len(turns) + place + 1, rounds * len(turns))
    gflop = _gflop(model, plain, texts)
    return [row for name in turns for row in _rows(name, turns, gflop, ceilings)]


def _plain(model: str) -> SentenceTransformer:
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers types it not
    return SentenceTransformer(model or str(packaged_model()))


def _contenders(model: str, plain: SentenceTransformer) -> dict[str, _Encode]:
    from index.models import load_model
    from index.torch_backend import TorchBackend

    ours = load_model(model, 64, "bench")
    found: dict[str, _Encode] = {
        PLAIN: lambda texts: plain.encode(list(texts), show_progress_bar=False, convert_to_numpy=True),
        OURS: ours.encode_passages,
        "torch, batched by tokens": TorchBackend(plain, 64 if has_gpu() else 16).embed,
    }
    if has_bfloat16() and not has_gpu() and (bert := read_sentence_bert(_folder(model))):
        from index.bert import load_weights
        from index.openvino_backend import open_openvino

        found["OpenVINO, float32"] = open_openvino(bert, load_weights(bert.weights), is_exact=True).embed
    return found


def _take_turn(one: _Turns, texts: Sequence[str]) -> None:
    time.sleep(_REST_S)
    cpu, wall = time.process_time(), time.perf_counter()
    vectors = one.encode(texts)
    one.cpu_s.append(time.process_time() - cpu)
    one.wall_s.append(time.perf_counter() - wall)
    one.vectors = vectors if one.vectors is None else one.vectors


def _gemm_gflop_per_s() -> float:
    """Of one CPU thread in CPU time, or of the GPU; the best of several tries in the fastest type."""
    import torch

    threads, device = torch.get_num_threads(), "cuda" if has_gpu() else "cpu"
    rows, inner, columns = _GEMM
    kinds = [torch.float32] + ([torch.bfloat16] if has_bfloat16() else []) + ([torch.float16] if has_gpu() else [])
    best = 0.0
    torch.set_num_threads(1)
    try:
        for kind in kinds:
            left = torch.ones(rows, inner, dtype=kind, device=device)
            right = torch.ones(inner, columns, dtype=kind, device=device)
            for _ in range(5):
                best = max(best, 2 * rows * inner * columns / 1e9 / _seconds(partial(torch.matmul, left, right)))
    finally:
        torch.set_num_threads(threads)
    return best


def _seconds(compute: Callable[[], object]) -> float:
    import torch

    clock = time.perf_counter if has_gpu() else time.process_time
    started = clock()
    compute()
    if has_gpu():
        torch.cuda.synchronize()
    return max(1e-9, clock() - started)


def _gflop(model: str, plain: SentenceTransformer, texts: Sequence[str]) -> float | None:
    """The work in all texts; None where the model is no BERT whose work we can count."""
    folder = _folder(model)
    bert = read_sentence_bert(folder) if folder.is_dir() else None
    if bert is None:
        return None
    read = plain.tokenizer(list(texts), truncation=True, max_length=plain.max_seq_length)
    return sum(bert.shape.flop(len(ids)) for ids in read["input_ids"]) / 1e9


def _folder(model: str) -> Path:
    return Path(model) if model else packaged_model()


def _rows(name: str, turns: dict[str, _Turns], gflop: float | None, ceilings: Sequence[float]) -> list[Row]:
    one, plain = turns[name], turns[PLAIN]
    if one.vectors is None or plain.vectors is None:
        return []  # no round was run
    texts = len(one.vectors)
    cosines = np.sum(unit_length(one.vectors) * unit_length(plain.vectors), axis=1)
    figures = {
        "texts per second": statistics.median(texts / wall for wall in one.wall_s),
        "times plain, by the clock": _ratio(plain.wall_s, one.wall_s),
        "texts per CPU-second": statistics.median(texts / cpu for cpu in one.cpu_s),
        "times plain, by CPU time": _ratio(plain.cpu_s, one.cpu_s),
        "lowest cosine to plain": float(cosines.min()),
        "mean cosine to plain": float(cosines.mean()),
    }
    if gflop is not None:
        taken = one.wall_s if has_gpu() else one.cpu_s
        figures["GFLOP/s in matrix products"] = statistics.median(gflop / seconds for seconds in taken)
        figures["GFLOP/s of a bare product"] = statistics.median(ceilings)
        shares = [gflop / seconds / ceiling for seconds, ceiling in zip(taken, ceilings, strict=True)]
        figures["share of that ceiling"] = statistics.median(shares)
    return [Row(_DATASET, name, metric, value, texts) for metric, value in figures.items()]


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
