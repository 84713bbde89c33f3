"""What of the package `surya-ocr` is used here: the contract that the model was trained on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

from pipeline.errors import MissingExtraError

_PACKAGE, _EXTRA = "surya-ocr", "surya"
_REVISION = 1  # counts up with every change that alters what our side makes of the same answers

Picture = Image.Image


@dataclass(frozen=True, slots=True)
class Contract:
    """The package's constants and functions by our names. Any: it ships no types; JSON schemas are JSON."""

    version: str
    page_prompt: str
    layout_prompt: str
    block_prompt: str
    layout_schema: Mapping[str, Any]
    page_tokens: int  # the most an answer may have
    layout_tokens: int
    block_tokens: Callable[[int], int]  # by the layout's estimate
    scale: float  # coordinates run from 0 to this
    kinds: Mapping[str, str]  # the model's 19 labels to the package's names for them
    unread: AbstractSet[str]  # of those names: what holds no text to read
    text_kinds: AbstractSet[str]  # of those names: what cannot be empty
    fit: Callable[[Picture], Picture]
    crop: Callable[[Picture, Sequence[Sequence[float]]], Picture]  # a picture and a polygon
    is_blank: Callable[[Picture], bool]
    is_looping: Callable[[str], bool]
    parse_page: Callable[[str], Sequence[Any]]
    parse_layout: Callable[[str], Sequence[Any]]
    clean_block: Callable[[str], str]

    @property
    def fingerprint(self) -> str:
        """Changes with whatever alters a result: prompts, schema, and what we make of an answer."""
        parts = (self.page_prompt, self.layout_prompt, self.block_prompt, self.layout_schema, _REVISION)
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


@cache
def load_contract() -> Contract:
    """Imports the package, which takes two seconds (it imports torch). Raises MissingExtraError without it."""
    try:
        with warnings.catch_warnings():
            # Its settings are written for pydantic 1, and pydantic 2 says so once, on import.
            warnings.simplefilter("ignore", DeprecationWarning)
            import bs4  # noqa: F401 - the package imports it late, while it parses the first page
            from surya.common.blank import is_blank_region
            from surya.inference import prompts
            from surya.inference.parsers import clean_block_html, parse_full_page_html, parse_layout
            from surya.inference.util import detect_repeat_token, image_token_budget, scale_to_fit
            from surya.layout.label import LAYOUT_PRED_RELABEL, TEXT_LABELS
            from surya.recognition import SKIP_CANON_LABELS, _crop_block
            from surya.settings import settings
    except ImportError as error:
        raise MissingExtraError(_PACKAGE, _EXTRA) from error
    return Contract(
        version=importlib.metadata.version(_PACKAGE),
        page_prompt=prompts.PROMPT_MAPPING[prompts.PROMPT_TYPE_HIGH_ACCURACY_BBOX],
        layout_prompt=prompts.PROMPT_MAPPING[prompts.PROMPT_TYPE_LAYOUT],
        block_prompt=prompts.PROMPT_MAPPING[prompts.PROMPT_TYPE_BLOCK],
        layout_schema=prompts.LAYOUT_JSON_SCHEMA,
        page_tokens=settings.SURYA_MAX_TOKENS_FULL_PAGE,
        layout_tokens=settings.SURYA_MAX_TOKENS_LAYOUT,
        block_tokens=lambda count: image_token_budget(count, ceiling=settings.SURYA_MAX_TOKENS_BLOCK_CEILING),
        scale=settings.BBOX_SCALE,
        kinds=LAYOUT_PRED_RELABEL,
        unread=frozenset(SKIP_CANON_LABELS),
        text_kinds=TEXT_LABELS,
        fit=scale_to_fit,
        crop=_crop_block,
        is_blank=is_blank_region,
        is_looping=detect_repeat_token,
        parse_page=parse_full_page_html,
        parse_layout=parse_layout,
        clean_block=clean_block_html,
    )
