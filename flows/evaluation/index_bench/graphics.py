"""Flat search on a GPU beside what its memory can deliver: every vector must be read once for a query.

The kernels are FAISS's own (`faiss-gpu`, the extra `[gpu]`), over float16 as the exact index uses them.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from functools import partial

import numpy as np

from flows.evaluation.index_bench.law import VectorLaw
from flows.evaluation.index_bench.timing import Times
from flows.evaluation.index_bench.vectors import METHOD
from flows.evaluation.rows import Row

logger = logging.getLogger(__name__)

_SIZES = (1_000_000, 10_000_000)
_DRAWN = 1_000_000  # the larger archive is the smaller one several times over: every row is read all the same
_QUERIES = 100
_BYTES = 2  # of a float16
# GB/s of memory as NVIDIA's data sheets give them, by what nvidia-smi calls the card.
_BANDWIDTH = {"H200": 4800, "H100": 3350, "A100": 2039, "L40S": 864, "L4": 300, "RTX 4090": 1008, "RTX 3090": 936}


def on_the_gpu(law: VectorLaw, sizes: tuple[int, ...] = _SIZES) -> Iterator[Row]:
    """Milliseconds a query of flat search, and its share of the memory's bandwidth; nothing where FAISS sees no GPU."""
    import faiss

    if faiss.get_num_gpus() == 0:
        logger.warning("no GPU: flat search on one is not measured")
        return
    queries, drawn = law.draw(_QUERIES, 7), law.draw(min(_DRAWN, max(sizes)), 1)
    options = faiss.GpuIndexFlatConfig()
    options.useFloat16 = True
    for size in sizes:
        flat = faiss.GpuIndexFlatIP(faiss.StandardGpuResources(), law.dimension, options)
        for start in range(0, size, len(drawn)):
            flat.add(drawn[: size - start])
        times = Times.of(partial(flat.search, k=10), (query[None] for query in queries))
        data = f"{size} vectors on a GPU"
        yield from times.rows(data, METHOD)
        if bandwidth := memory_bandwidth():
            bound_ms = size * law.dimension * _BYTES / bandwidth / 1e6
            yield Row(data, METHOD, "ms by bandwidth alone", bound_ms, 1)
            yield Row(data, METHOD, "share of the bandwidth", bound_ms / float(np.median(times.wall)), 1)


def memory_bandwidth() -> int | None:
    """GB/s of the first card; None where there is none, or it is not in the list."""
    try:
        asked = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 (a fixed command)
    except OSError:
        return None
    return next((speed for name, speed in _BANDWIDTH.items() if name in told), None)
