"""Which model, computed by what: the packaged MiniLM or any sentence-transformers model, on the GPU or the CPU."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from index.bert import load_weights
from index.encoder import Backend, SentenceEncoder
from index.packaged import NAME, WEIGHTS_SHA256, packaged_model
from index.processor import has_gpu
from index.revision import weights_digest
from index.sentence_bert import Prompts, SentenceBert, read_sentence_bert
from pipeline.config import IndexSettings
from pipeline.document import EmbeddingContract
from pipeline.ports import Encoder


def open_encoder(settings: IndexSettings, chunker: str) -> Encoder:
    """Loads the model; `chunker` names the chunker whose passages it will embed, part of the contract.

    Without a model set it is the packaged MiniLM, and no network is touched. On a GPU torch computes; on a CPU OpenVINO
    where the model is a BERT, else torch. Raises ConfigError where the model cannot be loaded, IndexStateError where
    the packaged weights were altered.
    """
    return load_model(settings.model, settings.batch_size, chunker)


def load_model(name: str, batch_size: int, chunker: str) -> SentenceEncoder:
    """The encoder of a model by its name or folder, "" for the packaged one. Raises as `open_encoder`."""
    folder = packaged_model() if not name else find_folder(name)
    bert = read_sentence_bert(folder) if folder and not has_gpu() and importlib.util.find_spec("openvino") else None
    backend, revision, dimension, prompts = (
        _by_openvino(bert, is_known=not name) if bert else _by_torch(name or str(folder), batch_size)
    )
    contract = EmbeddingContract(
        model=model_name(name),
        revision=revision if name else WEIGHTS_SHA256,
        dimension=dimension,
        query_prompt=prompts.query,
        passage_prompt=prompts.passage,
        is_normalised=True,
        chunker=chunker,
    )
    return SentenceEncoder(contract, backend)


def model_name(name: str) -> str:
    """What the contract calls it: a folder may move."""
    if not name:
        return NAME
    return Path(name).name if Path(name).is_dir() else name


def find_folder(name: str) -> Path | None:
    """Where the model lies on this machine; None where it must be fetched first."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError):
        return None


_Loaded = tuple[Backend, str, int, Prompts]  # backend, revision, dimension, prompts


def _by_openvino(model: SentenceBert, *, is_known: bool) -> _Loaded:
    from index.openvino_backend import open_openvino

    weights = load_weights(model.weights)
    revision = WEIGHTS_SHA256 if is_known else weights_digest(weights.items())
    return open_openvino(model, weights), revision, model.shape.width, model.prompts


def _by_torch(name: str, batch_size: int) -> _Loaded:
    from index.torch_backend import open_torch

    backend, facts = open_torch(name, batch_size)
    return backend, facts.revision, facts.dimension, facts.prompts
