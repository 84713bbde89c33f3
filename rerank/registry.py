"""The models that were trained here: each in a folder of its own, and which of them serve.

FOLDER/adapter-0001/          manifest.json and adapter.npz
FOLDER/cross-encoder-0002/    manifest.json and the model as sentence-transformers saves it
FOLDER/serving.json           for each kind the names that served, oldest first; the last one serves, "" is none
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.blobs import make_folder, write_atomically
from pipeline.errors import NotFoundError, StoreError, UsageError

_MANIFEST = "manifest.json"
_SERVING = "serving.json"


class ModelKind(StrEnum):
    """What a trained model does."""

    ADAPTER = "adapter"  # maps the encoder's vectors
    CROSS_ENCODER = "cross-encoder"  # reads interest and paper together


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a model; nothing in it names a reader."""

    kind: ModelKind
    name: str
    made_at: str  # ISO 8601, UTC
    base: str
    contract_key: str  # of the vectors it learnt from and, an adapter, serves
    trained_on: str  # in words: how many lists and readers, days, papers
    how: str
    seed: int
    figures: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


class Registry:
    """Models by name under a folder. A name is never given twice, so it may stand for its scores in a cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def folder_of(self, name: str) -> Path:
        """Where a model lies."""
        return self._folder / name

    def entries(self) -> list[Manifest]:
        """All models, in the order in which they were made; a folder without a readable manifest is passed over."""
        found = [_read_manifest(path) for path in self._folder.glob(f"*/{_MANIFEST}")]
        return sorted((one for one in found if one), key=lambda one: one.name.rpartition("-")[2])

    def next_name(self, kind: ModelKind) -> str:
        """A name that no model has or had while this folder exists."""
        numbers = [int(tail) for path in self._folder.glob("*-*") if (tail := path.name.rpartition("-")[2]).isdigit()]
        return f"{kind.value}-{max([*numbers, 0]) + 1:04d}"

    def add(self, manifest: Manifest, write: Callable[[Path], None]) -> Path:
        """Stores a model whole or not at all; it does not serve yet. Raises StoreError where the disk refuses."""
        make_folder(self._folder, mode=0o700)
        target = self.folder_of(manifest.name)
        making = Path(tempfile.mkdtemp(dir=self._folder, prefix=".making-"))
        try:
            write(making)
            text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
            (making / _MANIFEST).write_text(text, encoding="utf-8")
            making.replace(target)
        except OSError as error:
            raise StoreError(f"cannot store the model {target}: {error.strerror}") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return target

    def serving(self, kind: ModelKind) -> Manifest | None:
        """The model of a kind that serves; None where none does. Raises NotFoundError where it is gone."""
        name = ([""] + self._served()[kind])[-1]
        return self.entry(name) if name else None

    def use(self, name: str) -> ModelKind:
        """Takes a model into service; returns its kind. Raises NotFoundError."""
        kind = self.entry(name).kind
        self._serve(kind, name)
        return kind

    def retire(self, kind: ModelKind) -> None:
        """Lets no model of a kind serve; `rollback` brings the last one back."""
        self._serve(kind, "")

    def _serve(self, kind: ModelKind, name: str) -> None:
        served = self._served()
        if ([""] + served[kind])[-1] != name:
            served[kind].append(name)
            self._write(served)

    def rollback(self, kind: ModelKind) -> str:
        """Puts back what served before; returns its name, "" where nothing did. Raises UsageError."""
        served = self._served()
        if not served[kind]:
            raise UsageError(f"no {kind.value} was ever taken into service: there is nothing to go back to")
        served[kind].pop()
        self._write(served)
        return ([""] + served[kind])[-1]

    def entry(self, name: str) -> Manifest:
        """What is known of a model. Raises NotFoundError."""
        if Path(name).name != name or (found := _read_manifest(self.folder_of(name) / _MANIFEST)) is None:
            raise NotFoundError(f"no model {name!r} under {self._folder}; `autoreader models` lists those there are")
        return found

    def _served(self) -> dict[ModelKind, list[str]]:
        try:
            held = json.loads((self._folder / _SERVING).read_text(encoding="utf-8"))
        except FileNotFoundError:
            held = {}
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self._folder / _SERVING} cannot be read: {error}; delete it to serve no model"
            ) from error
        return {kind: [str(name) for name in held.get(kind.value, [])] for kind in ModelKind}

    def _write(self, served: Mapping[ModelKind, list[str]]) -> None:
        text = json.dumps({kind.value: names for kind, names in served.items()}, indent=1)
        write_atomically(self._folder / _SERVING, text.encode())


def _read_manifest(path: Path) -> Manifest | None:
    try:
        held: Any = json.loads(path.read_text(encoding="utf-8"))  # Any: JSON
        known = {one.name: held[one.name] for one in fields(Manifest)}
        return Manifest(**known | {"kind": ModelKind(held["kind"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
