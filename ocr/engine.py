"""The name and version of the first engine; apart from it, so that naming it does not load pdfium."""

from __future__ import annotations

import importlib.metadata

ENGINE = "text_layer"
_REVISION = 5  # counts up with every change that alters what is read


def engine_key() -> str:
    """Engine, library and revision: documents read under another key may differ."""
    return f"{ENGINE}/pypdfium2-{importlib.metadata.version('pypdfium2')}/{_REVISION}"
