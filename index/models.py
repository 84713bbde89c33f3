"""Which model, computed by what: the packaged MiniLM or any sentence-transformers model, on the GPU or the CPU."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from index.encoder import Backend, SentenceEncoder
from index.packaged import DIMENSION, NAME, WEIGHTS_SHA256, packaged_model
from pipeline.config import IndexSettings
from pipeline.document import EmbeddingContract
from pipeline.ports import Encoder

# On a CPU the speed is the same from 4 texts to 32 (13.0 to 12.1 a CPU-second), the memory is not (324 to 653 MB);
# a GPU wants large batches.
_CPU_BATCH = 16


def open_encoder(settings: IndexSettings, chunker: str) -> Encoder:
    """Loads the model; `chunker` names the chunker whose passages it will embed, part of the contract.

    Without a model set it is the packaged MiniLM, and no network is touched: by torch on a GPU, else by OpenVINO where
    that is installed, else by torch. Raises ConfigError where the model cannot be loaded, IndexStateError where the
    packaged weights were altered.
    """
    if settings.model:
        return _named(settings, chunker)
    contract = EmbeddingContract(
        model=NAME,
        revision=WEIGHTS_SHA256,
        dimension=DIMENSION,
        query_prompt="",
        passage_prompt="",
        is_normalised=True,
        chunker=chunker,
    )
    return SentenceEncoder(contract, _packaged_backend(packaged_model()), _batch_size(settings))


def _packaged_backend(folder: Path) -> Backend:
    if not has_gpu() and importlib.util.find_spec("openvino"):
        from index.openvino_backend import open_openvino

        return open_openvino(folder)
    from index.torch_backend import open_torch

    return open_torch(str(folder))[0]


def _named(settings: IndexSettings, chunker: str) -> Encoder:
    from index.torch_backend import open_torch

    backend, facts = open_torch(settings.model)
    contract = EmbeddingContract(
        model=Path(settings.model).name if Path(settings.model).is_dir() else settings.model,
        revision=facts.revision,
        dimension=facts.dimension,
        query_prompt=facts.query_prompt,
        passage_prompt=facts.passage_prompt,
        is_normalised=True,
        chunker=chunker,
    )
    return SentenceEncoder(contract, backend, _batch_size(settings))


def _batch_size(settings: IndexSettings) -> int:
    return settings.batch_size if has_gpu() else min(settings.batch_size, _CPU_BATCH)


def has_gpu() -> bool:
    """Whether torch sees a CUDA device; torch is imported only where a driver shows one (NVIDIA's, or WSL's)."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/dxg")):
        return False
    import torch

    return torch.cuda.is_available()
