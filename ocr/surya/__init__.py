"""Pages read by Surya 2, a model that answers with HTML: text in reading order, LaTeX, tables.

The prompts, schema, scaling, labels and parsers are imported from the package `surya-ocr` (the extra `surya`); what
carries the requests is `ocr.transports`, because the package's own client hides an outage as an empty page.
"""

from __future__ import annotations

from ocr.surya.engine import SuryaEngine, open_surya

__all__ = ["SuryaEngine", "open_surya"]
