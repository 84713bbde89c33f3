"""Any sentence-transformers model by torch: in half precision where that is faster and agrees."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder import agreement
from pipeline.errors import ConfigError
from pipeline.ports import F32

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)
_LEAST_AGREEMENT = 0.999
_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}  # without them bfloat16 is emulated, slower than float32


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a loaded model says of itself; `revision` is the SHA-256 over its weights, in float32 as loaded."""

    revision: str
    dimension: int
    query_prompt: str
    passage_prompt: str


class TorchBackend:
    """Implements `index.encoder.Backend` with sentence-transformers."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model

    def embed(self, batches: Iterable[Sequence[str]]) -> Iterator[F32]:
        """One array a batch, float32."""
        for batch in batches:
            vectors = self._model.encode(
                list(batch), batch_size=len(batch), show_progress_bar=False, convert_to_tensor=True
            )
            yield vectors.float().cpu().numpy()


def open_torch(name: str) -> tuple[TorchBackend, ModelFacts]:
    """Loads a model by hub name or folder. Raises ConfigError, naming it, where that fails."""
    import torch

    torch.set_num_threads(min(torch.get_num_threads(), usable_cpus()))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = _load(name, device)
    facts = _facts(model)
    for kind in _faster_types(device):
        candidate = _load(name, device).to(kind)
        if agreement(TorchBackend(candidate), TorchBackend(model)) >= _LEAST_AGREEMENT:
            logger.info("%s runs on %s in %s", name, device, kind)
            return TorchBackend(candidate), facts
    return TorchBackend(model), facts


def usable_cpus() -> int:
    """CPUs this process may run on; containers are often given fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _faster_types(device: str) -> tuple[torch.dtype, ...]:
    import torch

    if device == "cuda":
        return (torch.float16, torch.bfloat16)
    cpu = Path("/proc/cpuinfo")
    flags = set(cpu.read_text(encoding="utf-8").split()) if cpu.exists() else set()
    return (torch.bfloat16,) if flags & _BF16_FLAGS else ()


def _load(name: str, device: str) -> SentenceTransformer:
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers types it not
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(name, device=device, local_files_only=Path(name).is_dir())
    except (OSError, ValueError) as error:
        raise ConfigError(f"setting 'index.model' is {name!r}: it cannot be loaded: {error}") from error


def _facts(model: SentenceTransformer) -> ModelFacts:
    prompts = model.prompts or {}
    digest = hashlib.sha256()
    weights: dict[str, Any] = model.state_dict()  # Any: torch types its tensors' storage loosely
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(weights[name].detach().float().cpu().numpy()).tobytes())
    dimension = model.get_embedding_dimension()
    if not dimension:
        raise ConfigError("setting 'index.model': the model does not say how long its vectors are")
    passage = prompts.get("document") or prompts.get("passage") or ""
    return ModelFacts(digest.hexdigest(), dimension, prompts.get("query") or "", passage)
