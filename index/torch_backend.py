"""Any sentence-transformers model by torch: in half precision where that is faster and agrees."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.batches import token_batches
from index.encoder import LEAST_AGREEMENT, agreement
from index.processor import has_bfloat16, usable_cpus
from index.revision import weights_digest
from index.sentence_bert import Prompts
from pipeline.errors import ConfigError
from pipeline.ports import F32

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)
# A batch of the setting's size is one of texts of this many tokens, the usual limit; of shorter ones it holds more.
_TOKENS = 512
_CPU_BATCH = 16  # of the same: a CPU gains nothing by more, and a large model's batch would fill the memory
_SLAB = 8_192  # texts tokenised at once: while a GPU computes one slab, the next is tokenised


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a loaded model says of itself; `revision` is the SHA-256 over its weights, in float32 as loaded."""

    revision: str
    dimension: int
    prompts: Prompts


class TorchBackend:
    """Implements `index.encoder.Backend` with sentence-transformers; `batch_size` counts texts of 512 tokens."""

    def __init__(self, model: SentenceTransformer, batch_size: int) -> None:
        self._model = model
        self._budget = batch_size * _TOKENS

    def embed(self, texts: Sequence[str]) -> F32:
        """One row a text. Nothing is waited for within a slab: a GPU gets its batches as fast as they are made."""
        import torch

        # By characters first, so that a slab holds texts of like length; by tokens within it.
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        pending: list[tuple[list[int], torch.Tensor]] = []
        with torch.inference_mode():
            for start in range(0, len(order), _SLAB):
                slab = order[start : start + _SLAB]
                for batch in token_batches(self._lengths([texts[place] for place in slab]), self._budget):
                    places = [slab[place] for place in batch]
                    pending.append((places, self._compute([texts[place] for place in places])))
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for places, rows in pending:
            vectors[places] = rows.float().cpu().numpy()
        return vectors

    @property
    def _dimension(self) -> int:
        return self._model.get_embedding_dimension() or 0

    def _lengths(self, texts: list[str]) -> list[int]:
        """In tokens, as far as they are read; in characters where the model reads something else than text."""
        tokenizer = self._model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            return [len(text) for text in texts]
        read = tokenizer(texts, truncation=True, max_length=self._model.max_seq_length, return_attention_mask=False)
        return [len(ids) for ids in read["input_ids"]]

    def _compute(self, texts: list[str]) -> torch.Tensor:
        return self._model.encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)


def open_torch(name: str, batch_size: int = 64) -> tuple[TorchBackend, ModelFacts]:
    """Loads a model by hub name or folder. Raises ConfigError, naming it, where that fails."""
    # Threads that wait shall sleep: on 2 busy cores 10.3 texts a CPU-second instead of 8.3, and the rest is others'.
    # It is read once, when torch is first imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    torch.set_num_threads(min(torch.get_num_threads(), usable_cpus()))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    batch_size = batch_size if device == "cuda" else min(batch_size, _CPU_BATCH)
    model = _load(name, device)
    exact, facts = TorchBackend(model, batch_size), _facts(model)
    for kind in _faster_types(device):
        candidate = TorchBackend(_load(name, device).to(kind), batch_size)
        if agreement(candidate, exact) >= LEAST_AGREEMENT:
            logger.info("%s runs on %s in %s", name, device, kind)
            return candidate, facts
    return exact, facts


def _faster_types(device: str) -> tuple[torch.dtype, ...]:
    import torch

    if device == "cuda":
        return (torch.float16, torch.bfloat16)
    return (torch.bfloat16,) if has_bfloat16() else ()


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
    dimension = model.get_embedding_dimension()
    if not dimension:
        raise ConfigError("setting 'index.model': the model does not say how long its vectors are")
    weights = ((name, array.detach().float().cpu().numpy()) for name, array in model.state_dict().items())
    return ModelFacts(weights_digest(weights), dimension, Prompts.of(model.prompts))
