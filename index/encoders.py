"""Encoders by contract: while a new model embeds the archive, the old one goes on answering."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

from index.encoder import SentenceEncoder
from index.generation import GenerationFolder
from index.manifest import Manifest
from index.models import find_folder, load_model, model_name
from index.packaged import NAME, WEIGHTS_SHA256
from pipeline.blobs import write_atomically
from pipeline.config import IndexSettings
from pipeline.document import EmbeddingContract
from pipeline.errors import ConfigError, IndexStateError
from pipeline.ports import Encoder

_KEPT = 2  # the model that serves and the one that follows it; each takes seconds to load and half a gigabyte
_Load = Callable[[str, int, str], SentenceEncoder]  # a setting's name, its batch size, the chunker


class EncoderSource:
    """Opens the encoder that is set, and those that contracts name; safe to share between threads.

    `register` is a file that remembers where the models of contracts were found, since a contract holds no path.
    """

    def __init__(self, settings: IndexSettings, chunker: str, register: Path, load: _Load = load_model) -> None:
        self._settings = settings
        self._chunker = chunker
        self._register = register
        self._load = load
        self._opened: OrderedDict[str, SentenceEncoder] = OrderedDict()
        self._refused: dict[str, str] = {}
        self._opening = threading.Lock()

    def configured(self) -> Encoder:
        """The encoder of the settings. Raises as `index.open_encoder`."""
        with self._opening:
            encoder = self._open(self._settings.model)
            if self._settings.model:
                self._remember(encoder.contract)
        return encoder

    def for_contract(self, contract: EmbeddingContract) -> Encoder:
        """The encoder whose vectors a contract describes; only its chunker may be another than ours.

        Raises IndexStateError where the model is gone or has other weights by now; the next call says so at once.
        """
        with self._opening:
            if reason := self._refused.get(contract.key):
                raise IndexStateError(reason)
            for name in dict.fromkeys(self._names(contract)):
                try:
                    found = self._open(name).for_chunker(contract.chunker)
                except (ConfigError, IndexStateError):
                    continue  # the model is no longer there; another place may have it
                if found.contract.key == contract.key:
                    return found
            self._refused[contract.key] = _missing(contract)
            raise IndexStateError(self._refused[contract.key])

    def _names(self, contract: EmbeddingContract) -> Iterator[str]:
        """Where the model may be, as a setting would name it; the likeliest first."""
        if (contract.model, contract.revision) == (NAME, WEIGHTS_SHA256):
            yield ""
        if known := self._remembered().get(_title(contract)):
            yield known
        if self._settings.model and model_name(self._settings.model) == contract.model:
            yield self._settings.model
        if find_folder(contract.model):  # a name of the hub's that is on this machine: nothing is fetched for this
            yield contract.model

    def _open(self, name: str) -> SentenceEncoder:
        if name not in self._opened:
            self._opened[name] = self._load(name, self._settings.batch_size, self._chunker)
            if len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
        self._opened.move_to_end(name)
        return self._opened[name]

    def _remembered(self) -> dict[str, str]:
        try:
            found = json.loads(self._register.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(title): str(name) for title, name in found.items()} if isinstance(found, dict) else {}

    def _remember(self, contract: EmbeddingContract) -> None:
        known = self._remembered()
        path = Path(self._settings.model)
        name = str(path.resolve()) if path.is_dir() else self._settings.model
        if known.get(_title(contract)) != name:
            known[_title(contract)] = name
            write_atomically(self._register, json.dumps(known, indent=1).encode())


def live_contract(index_folder: Path) -> EmbeddingContract | None:
    """What the vectors of the live generation mean; None where none is live, or a broken one."""
    live = GenerationFolder(index_folder).live()
    try:
        return Manifest.read(live).contract if live else None
    except IndexStateError:
        return None


def _title(contract: EmbeddingContract) -> str:
    return f"{contract.model} {contract.revision}"


def _missing(contract: EmbeddingContract) -> str:
    return (
        f"the index was built with the model {contract.model} (weights {contract.revision[:12]}), which is not on this "
        "machine any more. Bring it back, or run `autoreader embed`: it embeds everything with the model that is set"
    )
