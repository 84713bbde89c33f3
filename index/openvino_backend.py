"""A BERT by OpenVINO: no slower than torch on any CPU, 3.9 times as fast where it computes bfloat16.

It opens in 0.7 s instead of torch's 7 and needs 470 MB instead of 1,320, since torch is never imported.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.batches import token_batches
from index.bert import bert
from index.encoder import LEAST_AGREEMENT, agreement
from index.processor import usable_cpus
from index.sentence_bert import Pooling, SentenceBert
from pipeline.ports import F32, I64

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]  # ships no types
    from tokenizers import Encoding, Tokenizer

logger = logging.getLogger(__name__)
# Tokens a request. 12.9 texts of 238 tokens a CPU-second with 800 or 1,600, 12.4 with 3,200, 11.6 with 6,400.
_BUDGET = 1_600


class OpenVinoBackend:
    """Implements `index.encoder.Backend`: tokenises, sorts by tokens, runs a request a core at once, pools."""

    def __init__(self, compiled: openvino.CompiledModel, model: SentenceBert, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._model = model
        streams = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._requests = [compiled.create_infer_request() for _ in range(streams)]

    def embed(self, texts: Sequence[str]) -> F32:
        """One row a text. While requests compute, the next batch is laid out and the last one pooled."""
        encoded = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), self._model.shape.width), np.float32)
        free = list(self._requests)
        running: deque[tuple[openvino.InferRequest, list[int], I64]] = deque()
        try:
            for places in token_batches([len(text) for text in encoded], _BUDGET):
                if not free:
                    free.append(self._collect(*running[0], vectors))
                    running.popleft()
                ids, mask = _laid_out([encoded[place] for place in places])
                running.append((free.pop(), places, mask))
                # Copies, not views of our arrays: shared inputs were seen to mix up two batches (a cosine of .93).
                running[-1][0].start_async({"ids": ids, "mask": mask}, share_inputs=False)
            for request, places, mask in running:
                self._collect(request, places, mask, vectors)
        finally:
            for request, _, _ in running:
                request.wait()  # also where one failed: the next call starts with idle requests
        return vectors

    def _collect(
        self, request: openvino.InferRequest, places: list[int], mask: I64, vectors: F32
    ) -> openvino.InferRequest:
        """Waits for a request and pools its tokens, outside the network, where bfloat16 would round the mean."""
        request.wait()
        tokens = request.get_output_tensor(0).data.astype(np.float32, copy=False)
        if self._model.pooling is Pooling.CLS:
            vectors[places] = tokens[:, 0]
        else:
            summed = np.matmul(mask[:, None, :].astype(np.float32), tokens)[:, 0]
            vectors[places] = summed / mask.sum(1, keepdims=True)
        return request


def open_openvino(model: SentenceBert, weights: Mapping[str, F32], *, is_exact: bool = False) -> OpenVinoBackend:
    """Compiles a model: in bfloat16 where the CPU computes it and it agrees with float32, else, or asked to, in that.

    No 8-bit integers: what is fast in them is not exact enough (docs/decisions/0011-encoder-on-cpu.md).
    """
    import openvino

    core = openvino.Core()
    network, tokenizer = bert(model.shape, weights), _tokenizer(model)
    exact = OpenVinoBackend(_compile(core, network, "f32"), model, tokenizer)
    if is_exact or "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return exact
    faster = OpenVinoBackend(_compile(core, network, "bf16"), model, tokenizer)
    cosine = agreement(faster, exact)
    logger.info("bfloat16 agrees with float32 to a cosine of %.5f", cosine)
    return faster if cosine >= LEAST_AGREEMENT else exact


def _compile(core: openvino.Core, network: openvino.Model, precision: str) -> openvino.CompiledModel:
    """OpenVINO sees which cores it may run on, but not a container's quota; its threads sleep while they wait."""
    return core.compile_model(
        network,
        "CPU",
        {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_NUM_THREADS": usable_cpus(),
            "INFERENCE_PRECISION_HINT": precision,
        },
    )


def _tokenizer(model: SentenceBert) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
    tokenizer.enable_truncation(model.longest)
    tokenizer.no_padding()
    return tokenizer


def _laid_out(texts: Sequence[Encoding]) -> tuple[I64, I64]:
    """Ids and mask; what stands where there is no token is hidden by the mask."""
    longest = max(len(text) for text in texts)
    ids, mask = np.zeros((2, len(texts), longest), np.int64)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text.ids
        mask[row, : len(text)] = 1
    return ids, mask
