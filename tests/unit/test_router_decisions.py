import pytest

from ocr.router import Means, Router, check_forced, find_means
from pipeline.config import OcrSettings
from pipeline.document import Document, Engine, Gauge, Page, PageStatus
from pipeline.errors import ConfigError, MissingExtraError
from pipeline.page_work import PageRoute

_GOOD = Gauge(characters=2500, junk_share=0.004, image_cover=0.1, math_share=0.01, table_share=0.0)
_SCAN = Gauge(characters=12, junk_share=0.0, image_cover=0.98, math_share=0.0, table_share=0.0)
_JUNK = Gauge(characters=1500, junk_share=0.05, image_cover=0.0, math_share=0.2, table_share=0.0)
_GARBLED = Gauge(characters=1500, junk_share=0.4, image_cover=0.0, math_share=0.0, table_share=0.0)
_RICH = Gauge(characters=2000, junk_share=0.01, image_cover=0.0, math_share=0.2, table_share=0.0)
_TABLES = Gauge(characters=2000, junk_share=0.0, image_cover=0.0, math_share=0.0, table_share=0.5)
_EMPTY = Gauge(characters=0, junk_share=0.0, image_cover=0.0, math_share=0.0, table_share=0.0)

_NOTHING = Means(obstacle="no Surya is set up")
_CPU = Means(obstacle="no Surya is set up", has_rapidocr=True)
_GPU = Means(surya="Surya at gpu:8000", has_rapidocr=True)


def _all(module: str) -> bool:
    del module
    return True


def _none(module: str) -> bool:
    del module
    return False


def _page(gauge: Gauge | None, status: PageStatus = PageStatus.OK, reason: str = "") -> Page:
    return Page(3, 612.0, 792.0, (), "text_layer", status, reason, gauge=gauge)


def _scan() -> Page:
    return _page(_SCAN, PageStatus.DEGRADED, "no text layer: a scan; 12 characters beside images")


def _route(page: Page, means: Means, settings: OcrSettings | None = None) -> PageRoute:
    (route,) = Router(settings or OcrSettings(), means).route(Document((page,), "text_layer/1"))
    return route


def test_a_good_page_keeps_its_text_layer() -> None:
    assert _route(_page(_GOOD), _GPU) == PageRoute(
        3, Engine.TEXT_LAYER, "a good text layer: 2500 characters, 0.4% of them without a meaning"
    )


def test_a_scan_goes_to_surya_where_there_is_one() -> None:
    assert _route(_scan(), _GPU) == PageRoute(
        3, Engine.SURYA, "no text layer: a scan; 12 characters beside images; Surya at gpu:8000 reads it"
    )


def test_a_scan_goes_to_rapidocr_without_a_gpu() -> None:
    route = _route(_scan(), _CPU)

    assert route.engine is Engine.RAPIDOCR
    assert route.why.endswith("RapidOCR reads it: no Surya is set up")


def test_a_scan_that_nobody_can_read_says_why() -> None:
    route = _route(_scan(), _NOTHING)

    assert route.engine is Engine.TEXT_LAYER
    assert route.why.endswith("nobody reads it: no Surya is set up; RapidOCR is not installed")


def test_no_time_on_the_cpu_means_no_rapidocr() -> None:
    route = _route(_scan(), _CPU, OcrSettings(max_cpu_seconds_per_day=0))

    assert route.engine is Engine.TEXT_LAYER
    assert "ocr.max_cpu_seconds_per_day is 0" in route.why


def test_junk_in_formulas_is_worth_a_gpu_but_no_ocr_without_mathematics() -> None:
    page = _page(_JUNK, PageStatus.DEGRADED, "poor text layer: 75 of 1500 characters have no meaning")

    assert _route(page, _GPU).engine is Engine.SURYA
    assert _route(page, _CPU).engine is Engine.TEXT_LAYER


def test_a_garbled_page_goes_to_rapidocr() -> None:
    page = _page(_GARBLED, PageStatus.DEGRADED, "poor text layer: 600 of 1500 characters have no meaning")

    assert _route(page, _CPU).engine is Engine.RAPIDOCR


@pytest.mark.parametrize("gauge", [_EMPTY, None])
@pytest.mark.parametrize("pages", ["needed", "rich", "all"])
def test_a_blank_page_goes_nowhere(gauge: Gauge | None, pages: str) -> None:
    route = _route(_page(gauge), _GPU, OcrSettings.model_validate({"surya_pages": pages}))

    assert route == PageRoute(3, Engine.TEXT_LAYER, "no text and no image: blank, or drawings alone")


@pytest.mark.parametrize(
    "gauge, why",
    [
        (_RICH, "mathematics is 20% of its text (rich from 4%); Surya at gpu:8000 reads it"),
        (_TABLES, "tables are 50% of its text (rich from 10%); Surya at gpu:8000 reads it"),
    ],
)
def test_mathematics_and_tables_go_to_surya(gauge: Gauge, why: str) -> None:
    assert _route(_page(gauge), _GPU) == PageRoute(3, Engine.SURYA, why)


def test_a_rich_page_without_a_gpu_keeps_its_text_layer_and_says_so() -> None:
    route = _route(_page(_RICH), _CPU)

    assert route.engine is Engine.TEXT_LAYER
    assert route.why.endswith("mathematics is 20% of its text (rich from 4%), but no Surya is set up")


def test_a_rich_page_stays_where_only_needed_pages_are_sent() -> None:
    assert _route(_page(_RICH), _GPU, OcrSettings(surya_pages="needed")).engine is Engine.TEXT_LAYER


def test_every_page_can_be_sent() -> None:
    assert _route(_page(_GOOD), _GPU, OcrSettings(surya_pages="all")).engine is Engine.SURYA


@pytest.mark.parametrize("engine", ["text_layer", "layout", "rapidocr", "surya"])
def test_an_engine_can_be_forced(engine: str) -> None:
    settings = OcrSettings.model_validate({"engine": engine})

    assert _route(_page(_GOOD), _NOTHING, settings) == PageRoute(
        3, Engine(engine), f"ocr.engine asks for {engine} on every page"
    )


def test_a_damaged_page_goes_nowhere_even_if_an_engine_is_forced() -> None:
    page = _page(None, PageStatus.FAILED, "the page is damaged")

    assert _route(page, _GPU, OcrSettings(engine="surya")) == PageRoute(
        3, Engine.TEXT_LAYER, "no engine can read it: the page is damaged"
    )


def test_without_an_endpoint_the_obstacle_names_the_settings() -> None:
    assert find_means(OcrSettings(), _all) == Means(
        obstacle="no Surya is set up (ocr.surya_url, ocr.runpod_endpoint)", has_rapidocr=True
    )


def test_an_endpoint_is_named_without_its_secrets() -> None:
    settings = OcrSettings(surya_url="https://user:secret@gpu.example:8000/v1?key=secret")

    assert find_means(settings, _all).surya == "Surya at gpu.example:8000"


def test_rented_gpus_are_not_used_where_nothing_may_be_spent() -> None:
    means = find_means(OcrSettings(runpod_endpoint="abc123"), _all)

    assert means.surya == ""
    assert means.obstacle == "Surya on RunPod (abc123) costs money and ocr.max_usd_per_day is 0"


def test_rented_gpus_are_used_within_a_budget() -> None:
    assert (
        find_means(OcrSettings(runpod_endpoint="abc123", max_usd_per_day=1), _all).surya == "Surya on RunPod (abc123)"
    )


def test_what_is_not_installed_is_no_means() -> None:
    assert find_means(OcrSettings(surya_url="http://gpu/v1"), _none) == Means(obstacle="surya-ocr is not installed")


@pytest.mark.parametrize("engine, words", [("layout", r"autoreader\[layout\]"), ("surya", r"autoreader\[surya\]")])
def test_forcing_an_extra_that_is_absent_names_it(engine: str, words: str) -> None:
    settings = OcrSettings.model_validate({"engine": engine, "surya_url": "http://gpu/v1"})

    with pytest.raises(MissingExtraError, match=words):
        check_forced(settings, _none)


def test_forcing_rapidocr_where_it_is_absent_names_the_remedy() -> None:
    with pytest.raises(ConfigError, match="pip install 'rapidocr"):
        check_forced(OcrSettings(engine="rapidocr"), _none)


def test_forcing_surya_without_an_endpoint_names_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"ocr\.surya_url, ocr\.runpod_endpoint"):
        check_forced(OcrSettings(engine="surya"), _all)


@pytest.mark.parametrize("engine", ["auto", "text_layer", "layout", "rapidocr"])
def test_forcing_what_is_there_is_fine(engine: str) -> None:
    check_forced(OcrSettings.model_validate({"engine": engine}), _all)
