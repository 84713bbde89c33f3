"""Where an OpenAI-compatible endpoint is and what it wants to hear: address, headers, model; what of it is secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from pipeline.config import OcrSettings
from pipeline.errors import ConfigError
from pipeline.http_headers import masked_address, read_headers

_ROUTES = ("/chat/completions", "/models")
_VERSION = re.compile(r"/v\d+\w*(?:/openai)?$")


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint; `base` ends in its version and holds no secret, `headers` do."""

    base: httpx.URL
    model: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not stand in messages: header values, and the key without its scheme."""
        values = [*self.headers.values()]
        return tuple(values + [value.partition(" ")[2] for value in values if " " in value])

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        return is_loopback(self.base)

    def without_secrets(self, request: httpx.Request) -> httpx.Request:
        """The request of a redirect, its secrets dropped where it leads to another host, port or scheme."""
        if _origin(request.url) != _origin(self.base) and not self._is_upgrade(request.url):
            for name in self.headers:
                request.headers.pop(name, None)
        if "host" in request.headers:
            request.headers["host"] = request.url.netloc.decode("ascii")
        return request

    def _is_upgrade(self, url: httpx.URL) -> bool:
        """Whether the same host only insists on https."""
        return _origin(self.base) == ("http", url.host, 80) and _origin(url) == ("https", url.host, 443)


def http_url(text: str) -> httpx.URL | None:
    """The address in a setting; None where it is none of a web server."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        return None
    return url if url.scheme in ("http", "https") and url.host else None


def is_loopback(url: httpx.URL) -> bool:
    """Whether it leads to this machine: a proxy set for the world must not be asked for that."""
    try:
        return ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"


def read_address(settings: OcrSettings) -> Address:
    """The endpoint of `ocr.surya_url`, `surya_key`, `surya_headers`, `surya_model`.

    Raises ConfigError for what cannot be an address or a header; its words hold no secret.
    """
    headers = read_headers(settings.surya_key, settings.surya_headers, "'ocr.surya_key' and 'ocr.surya_headers'")
    return Address(_base(settings.surya_url), settings.surya_model, headers)


def _base(text: str) -> httpx.URL:
    """The base URL up to its version: with or without /v1, a slash, or a whole route at its end."""
    url = http_url(text)
    if url is None:
        raise ConfigError(
            f"setting 'ocr.surya_url' is {masked_address(text)!r}: expected an address like http://gpu-box:8000/v1"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            "setting 'ocr.surya_url' holds a password, a query or a fragment: give secrets as 'ocr.surya_key' or "
            "'ocr.surya_headers', which are never shown"
        )
    path = url.path.rstrip("/")
    for route in _ROUTES:
        path = path.removesuffix(route)
    return url.copy_with(path=path if _VERSION.search(path) else f"{path}/v1")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
