"""Decides who reads a page: its text layer where that is good, else the best engine that is set up and may be used."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.config import OcrSettings
from pipeline.document import Document, Engine, Gauge, Page, PageStatus
from pipeline.errors import ConfigError, MissingExtraError
from pipeline.page_work import PageRoute

# From where on mathematics and tables are worth a GPU: of seven arXiv papers' 301 pages, .04 takes 84 % of those with
# two displayed formulas or more, and 48 % of all.
_RICH_MATH = 0.04
_RICH_TABLES = 0.1
# Up to here the words of a born-digital page are whole and its formulas are not: RapidOCR reads those no better.
_JUNK_IN_FORMULAS = 0.15
_FEWEST_CHARACTERS = 200
_MOST_COVER = 0.5
_AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Means:
    """Who can read besides the text layer. `surya` names its endpoint; where it is empty, `obstacle` says why."""

    surya: str = ""
    obstacle: str = ""
    has_rapidocr: bool = False


class Router:
    """Implements `ports.PageRouter`: a pure function of the document, the settings and the means."""

    def __init__(self, settings: OcrSettings, means: Means) -> None:
        self._pages = settings.surya_pages
        self._forced = None if settings.engine == _AUTO else Engine(settings.engine)
        self._has_cpu_time = settings.max_cpu_seconds_per_day > 0
        self._means = means

    def route(self, document: Document) -> tuple[PageRoute, ...]:
        """One decision a page, with its reason in words and numbers."""
        return tuple(PageRoute(page.number, *self._decide(page)) for page in document.pages)

    def _decide(self, page: Page) -> tuple[Engine, str]:
        if page.status is PageStatus.FAILED:
            return Engine.TEXT_LAYER, f"no engine can read it: {page.reason}"
        if self._forced is not None:
            return self._forced, f"ocr.engine asks for {self._forced.value} on every page"
        if page.status is PageStatus.DEGRADED:
            return self._read_anew(page)
        if page.gauge is None or _is_empty(page.gauge):
            return Engine.TEXT_LAYER, "no text and no image: blank, or drawings alone"
        return self._maybe_enrich(page.gauge)

    def _read_anew(self, page: Page) -> tuple[Engine, str]:
        """A page whose text layer does not do."""
        reason, means = page.reason, self._means
        if means.surya:
            return Engine.SURYA, f"{reason}; {means.surya} reads it"
        if page.gauge is not None and _has_whole_words(page.gauge):
            return (
                Engine.TEXT_LAYER,
                f"{reason}, most likely in formulas, which RapidOCR reads no better; {means.obstacle}",
            )
        if means.has_rapidocr and self._has_cpu_time:
            return Engine.RAPIDOCR, f"{reason}; RapidOCR reads it: {means.obstacle}"
        lack = "ocr.max_cpu_seconds_per_day is 0" if means.has_rapidocr else "RapidOCR is not installed"
        return Engine.TEXT_LAYER, f"{reason}; nobody reads it: {means.obstacle}; {lack}"

    def _maybe_enrich(self, gauge: Gauge) -> tuple[Engine, str]:
        """A page whose text layer does, though mathematics and tables may come out better as LaTeX and HTML."""
        good = f"a good text layer: {gauge.characters} characters, {gauge.junk_share:.1%} of them without a meaning"
        rich = _riches(gauge)
        if self._pages == "all" and self._means.surya:
            return Engine.SURYA, f"{good}; ocr.surya_pages asks {self._means.surya} for every page"
        if not rich or self._pages == "needed":
            return Engine.TEXT_LAYER, good
        if self._means.surya:
            return Engine.SURYA, f"{rich}; {self._means.surya} reads it"
        return Engine.TEXT_LAYER, f"{good}; {rich}, but {self._means.obstacle}"


def _is_empty(gauge: Gauge) -> bool:
    return gauge.characters == 0 and gauge.image_cover == 0


def _has_whole_words(gauge: Gauge) -> bool:
    """Whether a page that failed the gate has text of its own, with too little junk for its words to be broken."""
    is_scan = gauge.characters < _FEWEST_CHARACTERS or gauge.image_cover > _MOST_COVER
    return not is_scan and gauge.junk_share < _JUNK_IN_FORMULAS


def _riches(gauge: Gauge) -> str:
    """What of a page's text is more than words; empty where it is little."""
    found = []
    if gauge.math_share >= _RICH_MATH:
        found.append(f"mathematics is {gauge.math_share:.0%} of its text (rich from {_RICH_MATH:.0%})")
    if gauge.table_share >= _RICH_TABLES:
        found.append(f"tables are {gauge.table_share:.0%} of its text (rich from {_RICH_TABLES:.0%})")
    return " and ".join(found)


def open_router(settings: OcrSettings) -> Router:
    """The router these settings ask for. Raises ConfigError where they force an engine that cannot be used."""

    def is_installed(module: str) -> bool:
        return importlib.util.find_spec(module) is not None

    check_forced(settings, is_installed)
    return Router(settings, find_means(settings, is_installed))


def find_means(settings: OcrSettings, is_installed: Callable[[str], bool]) -> Means:
    """What is set up, installed and allowed to cost what it costs."""
    has_rapidocr = is_installed("rapidocr")
    if obstacle := _obstacle(settings, is_installed):
        return Means(obstacle=obstacle, has_rapidocr=has_rapidocr)
    return Means(surya=_endpoint(settings), has_rapidocr=has_rapidocr)


def _obstacle(settings: OcrSettings, is_installed: Callable[[str], bool]) -> str:
    """Why Surya cannot be used; empty where it can."""
    if not (settings.surya_url or settings.runpod_endpoint):
        return "no Surya is set up (ocr.surya_url, ocr.runpod_endpoint)"
    if not is_installed("surya"):
        return "surya-ocr is not installed"
    if _costs_money(settings) and settings.max_usd_per_day <= 0:
        return f"{_endpoint(settings)} costs money and ocr.max_usd_per_day is 0"
    return ""


def _costs_money(settings: OcrSettings) -> bool:
    """Whether an endpoint is rented: RunPod's queue always is, a URL where its GPU has a price."""
    return not settings.surya_url or settings.usd_per_gpu_second > 0


def _endpoint(settings: OcrSettings) -> str:
    """Surya and where it is, without what a URL may hold besides its host: keys."""
    if not settings.surya_url:
        return f"Surya on RunPod ({settings.runpod_endpoint})"
    parts = urlsplit(settings.surya_url)
    return f"Surya at {parts.hostname}" + (f":{parts.port}" if parts.port else "")


def check_forced(settings: OcrSettings, is_installed: Callable[[str], bool]) -> None:
    """Raises ConfigError or MissingExtraError where `ocr.engine` names an engine that cannot be used."""
    match settings.engine:
        case "layout" if not is_installed("rapid_layout"):
            raise MissingExtraError("rapid-layout", "layout")
        case "rapidocr" if not is_installed("rapidocr"):
            raise ConfigError("ocr.engine is 'rapidocr', which is not installed: pip install 'rapidocr>=3.10,<4'")
        case "surya" if not is_installed("surya"):
            raise MissingExtraError("surya-ocr", "surya")
        case "surya" if obstacle := _obstacle(settings, is_installed):
            raise ConfigError(f"ocr.engine is 'surya', but {obstacle}")
        case _:
            pass
