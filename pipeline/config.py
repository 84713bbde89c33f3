"""The settings: environment `AUTOREADER_*` (nested with `__`), then `autoreader.toml`, then these defaults.

Secrets may also be given as a file: `AUTOREADER_OCR__SURYA_KEY_FILE=/run/secrets/surya`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from pipeline.errors import ConfigError


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArxivSettings(_Section):
    """Which papers, from where, how politely."""

    categories: Annotated[tuple[str, ...], NoDecode] = ("cs.IR", "cs.CL", "cs.LG")
    base_url: str = Field(default="", description="one loopback or mirror for all of arXiv's services")
    contact: str = Field(
        default="",
        description="your address in the user agent, as arXiv asks for; a digest to it shows you all figures",
    )
    interval_s: float = Field(default=3.0, ge=0.0, description="between requests; below 3 only for a loopback base_url")
    timeout_s: float = Field(default=60.0, gt=0.0)
    attempts: int = Field(default=5, ge=1, le=20)
    lookback_days: int = Field(default=7, ge=1, le=60, description="re-read behind the watermark on every harvest")
    give_up_at: str = Field(
        default="06:00", pattern=r"^[0-2]\d:[0-5]\d$", description="US Eastern: then one source is enough"
    )

    @field_validator("categories", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class OcrSettings(_Section):
    """How PDFs are read."""

    timeout_s: float = Field(default=120.0, gt=0.0, description="per paper")
    memory_mb: int = Field(default=1500, ge=256, description="of one reading process")
    workers: int = Field(default=2, ge=1)
    max_pages: int = Field(default=500, ge=1, description="pages read of one paper; the rest is noted, not read")
    engine: Literal["auto", "text_layer", "layout", "rapidocr", "surya"] = Field(
        default="auto", description="auto: the best engine for each page; another: that one for every page"
    )
    surya_url: str = Field(default="", description="an OpenAI-compatible base URL that serves Surya, ending in /v1")
    surya_key: SecretStr = SecretStr("")
    surya_headers: dict[str, SecretStr] = Field(default_factory=dict)
    surya_model: str = Field(default="datalab-to/surya-ocr-2", description="the model's name at that URL")
    surya_pages: Literal["needed", "rich", "all"] = Field(
        default="rich", description="needed: pages without good text; rich: and those full of mathematics or tables"
    )
    surya_concurrency: int = Field(default=32, ge=1, le=512, description="pages in flight at most; it adapts below")
    surya_dpi: int = Field(default=96, ge=48, le=300)
    runpod_endpoint: str = Field(default="", description="the id of a RunPod serverless endpoint (queue)")
    runpod_key: SecretStr = SecretStr("")
    runpod_url: str = "https://api.runpod.ai/v2"
    runpod_worker: Literal["vllm", "autoreader"] = Field(
        default="vllm", description="the image the endpoint runs: RunPod's worker-vllm, or ocr/Dockerfile's"
    )
    usd_per_gpu_second: float = Field(default=0.0, ge=0.0, description="what the GPU costs; 0: your own")
    max_usd_per_day: float = Field(default=0.0, ge=0.0, description="0: nothing is spent")
    max_cpu_seconds_per_day: float = Field(default=3600.0, ge=0.0, description="for OCR on the CPU; 5 to 10 s a page")
    cpu_memory_mb: int = Field(default=4000, ge=1000, description="of the process that does OCR on the CPU")
    cold_start_s: float = Field(default=900.0, ge=0.0, description="patience with an endpoint in one run, all in all")
    page_timeout_s: float = Field(default=600.0, gt=0.0, description="for one page at an OCR engine")
    page_attempts: int = Field(default=3, ge=1, le=10, description="then a page is given up, and listed by `pages`")


class IndexSettings(_Section):
    """How text is embedded."""

    model: str = Field(default="", description="any sentence-transformers name or path; empty: the packaged MiniLM")
    batch_size: int = Field(default=64, ge=1)


Rival = Literal["words", "simple", "first"]


class RerankSettings(_Section):
    """A second, slower look at the first papers of a search; without a model or an address there is none."""

    model: str = Field(
        default="", description="a sentence-transformers CrossEncoder by name or path; with a URL, its name there"
    )
    url: str = Field(default="", description="an endpoint that ranks: http://gpu-box:8000/v1/rerank")
    key: SecretStr = SecretStr("")
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    style: Literal["cohere", "tei"] = Field(
        default="cohere", description="cohere: as Cohere, Jina, vLLM speak; tei: as text-embeddings-inference does"
    )
    depth: int = Field(default=20, ge=2, le=200, description="papers it looks at")
    weight: float = Field(default=0.5, ge=0.0, le=1.0, description="its share of their score; the rest is the search's")
    budget_ms: int = Field(default=500, ge=1, le=60_000, description="a search waits for it no longer than that")
    timeout_s: float = Field(default=5.0, gt=0.0, description="of one request; what comes late serves the next search")
    day_budget_s: float = Field(
        default=600.0, gt=0.0, description="ranking a day waits for it no longer than that; the rest stays as it was"
    )
    rival: Rival | Literal[""] = Field(
        default="", description="a second ranker that drafts half of every digest; see `autoreader interleaving`"
    )


class LibrarySettings(_Section):
    """How a reader's library is brought in."""

    zotero_url: str = Field(default="https://api.zotero.org", description="Zotero's web API, version 3")
    zotero_key: SecretStr = Field(
        default=SecretStr(""), description="made at zotero.org/settings/keys; to read is enough"
    )
    timeout_s: float = Field(default=30.0, gt=0.0, description="of one request to Zotero")
    attempts: int = Field(default=5, ge=1, le=20, description="of one request to Zotero")
    title_score: float = Field(
        default=88.0, ge=80.0, le=100.0, description="how alike two titles must be, of 100, beside their authors"
    )


class MailSettings(_Section):
    """How digests leave."""

    smtp_url: SecretStr = Field(default=SecretStr(""), description="smtp://user:password@host:587; empty: .eml files")
    sender: str = "autoreader <autoreader@localhost>"
    max_items: int = Field(default=12, ge=1, le=50)
    min_probability: float = Field(default=0.5, ge=0.0, le=1.0, description="a paper less likely than this is left out")
    attempts: int = Field(default=5, ge=1)


class WebSettings(_Section):
    """Where the search page lives."""

    base_url: str = Field(
        default="",
        description="public address, for links in mails; without one, on a loopback host, you are shown all figures",
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8421, ge=1, le=65535)


class Settings(BaseSettings):
    """Everything that can be set; built once, in `flows.wiring`."""

    model_config = SettingsConfigDict(
        env_prefix="AUTOREADER_", env_nested_delimiter="__", frozen=True, extra="forbid", env_ignore_empty=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("autoreader", appauthor=False)))
    database_url: SecretStr = SecretStr("")
    secret_key: SecretStr = Field(default=SecretStr(""), description="signs links; empty: made once and kept in home")
    arxiv: ArxivSettings = ArxivSettings()
    ocr: OcrSettings = OcrSettings()
    index: IndexSettings = IndexSettings()
    rerank: RerankSettings = RerankSettings()
    library: LibrarySettings = LibrarySettings()
    mail: MailSettings = MailSettings()
    web: WebSettings = WebSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: arguments, environment, autoreader.toml."""
        del env_settings, dotenv_settings, file_secret_settings
        return (init_settings, _Environment(settings_cls), TomlConfigSettingsSource(settings_cls, toml_file()))

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.home / 'autoreader.db'}"


class _Environment(EnvSettingsSource):
    """The process environment, with `..._FILE` variables replaced by what their files hold."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        found = dict(super()._load_env_vars())
        prefix = self.env_prefix.lower()
        known = {*self.settings_cls.model_fields, "config"}
        for name in (name for name in found if name.lower().startswith(prefix)):
            section = name.lower().removeprefix(prefix).split("__")[0]
            if section not in known and section.removesuffix("_file") not in known:
                raise ConfigError(f"{name.upper()} is no setting; `autoreader settings` lists all there are")
        for name in [name for name in found if name.lower().startswith(prefix) and name.lower().endswith("_file")]:
            path = Path(found.pop(name) or "")
            try:
                found[name[: -len("_file")]] = path.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{name.upper()}: cannot read {path}: {error.strerror}") from error
        return found


def toml_file() -> Path:
    """The file in force: `AUTOREADER_CONFIG`, else `autoreader.toml` in the working folder."""
    return Path(os.environ.get("AUTOREADER_CONFIG", "autoreader.toml"))


def load_settings(**overrides: Any) -> Settings:  # Any: pydantic validates whatever a caller overrides
    """Reads all sources. Raises ConfigError naming the setting, its value and the expected form."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(problem) for problem in error.errors())) from None
    except SettingsError as error:
        raise ConfigError(f"a setting cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{toml_file()} is not valid TOML: {error}") from None


def _explain(problem: Any) -> str:  # Any: pydantic's ErrorDetails
    name = ".".join(str(part) for part in problem["loc"])
    secret = any(word in name for word in ("key", "headers", "smtp_url", "database_url"))
    if problem["type"] == "extra_forbidden":
        return f"setting {name!r} does not exist; `autoreader settings` lists all there are"
    value = "<SECRET>" if secret else repr(problem["input"])
    return f"setting {name!r} is {value}: {problem['msg']}"
