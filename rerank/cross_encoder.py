"""Any sentence-transformers CrossEncoder by name or path: on the GPU in half precision where there is one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.errors import ConfigError, RerankError
from pipeline.ports import F32

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 32
_FALLBACK_TOKENS = 512  # where a tokenizer states no limit, it states 10^30
_UNLIMITED = 10**6


class CrossEncoderScorer:
    """Implements `pipeline.ports.PairScorer`; scores are the model's raw outputs (logits).

    Raw, because a sigmoid in float32 makes 1.0 of every logit above 17 and so ties of the best. One call runs at a
    time: the tokenizer is not made for more, and the processor would not be faster.
    """

    def __init__(self, model: CrossEncoder, name: str) -> None:
        self._model = model
        self._name = name
        self._running = threading.Lock()
        self._is_closed = False

    def __repr__(self) -> str:
        return f"{self._name} on {self._model.device}"

    def score(self, query: str, passages: Sequence[str]) -> F32:
        """One score a passage. Raises RerankError where the model fails (out of memory) or yields no number."""
        import torch

        if not passages:
            return np.empty(0, np.float32)
        with self._running:
            if self._is_closed:
                raise RerankError("the cross-encoder is closed")
            try:
                found = self._model.predict(
                    [(query, passage) for passage in passages],
                    batch_size=_BATCH,
                    activation_fn=torch.nn.Identity(),
                    show_progress_bar=False,
                )
            except RuntimeError as error:
                raise RerankError(f"the cross-encoder failed: {error}") from error
        scores = np.asarray(found, np.float32).reshape(len(passages), -1)[:, 0]
        if not np.isfinite(scores).all():
            raise RerankError("the cross-encoder yields scores that are no numbers")
        return scores

    def close(self) -> None:
        """Waits for the call under way; later ones fail. A process that ends amid a call of torch would crash."""
        with self._running:
            self._is_closed = True


def open_cross_encoder(name: str) -> CrossEncoderScorer:
    """Loads a model by hub name or folder.

    Raises ConfigError, naming it, where that fails or it has more than one output (it classifies, it does not rank).
    """
    import torch
    import transformers

    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers types it not
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    scorer = CrossEncoderScorer(_load(name), name)
    if torch.cuda.is_available():
        scorer = _halved(scorer, name)
    return scorer


def _halved(whole: CrossEncoderScorer, name: str) -> CrossEncoderScorer:
    """The model in half precision, or whole where that overflows (some DeBERTas do)."""
    half = CrossEncoderScorer(_load(name).half(), name)
    try:
        half.score("Which precision is enough?", ["Half of it."])
    except RerankError:
        return whole
    return half


def _load(name: str) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder

    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        model: CrossEncoder = CrossEncoder(name, device=device, local_files_only=Path(name).is_dir())
    except (OSError, ValueError) as error:
        raise ConfigError(f"setting 'rerank.model' is {name!r}: it cannot be loaded: {error}") from error
    if model.num_labels != 1:
        raise ConfigError(
            f"setting 'rerank.model' is {name!r}: it has {model.num_labels} outputs; a model that ranks has one"
        )
    if (model.max_seq_length or _UNLIMITED) >= _UNLIMITED:
        model.max_seq_length = _FALLBACK_TOKENS
    return model
