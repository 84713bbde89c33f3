"""Where a reranker is and what it wants to hear; what of it is secret."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from pipeline.config import RerankSettings
from pipeline.errors import ConfigError
from pipeline.http_headers import masked_address, read_headers

_ROUTE = "/rerank"
_SHORTEST_SECRET = 4  # hiding shorter ones would make messages unreadable and hide nothing


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint; `url` is its whole route and holds no secret, `headers` do."""

    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine."""
        try:
            return ipaddress.ip_address(self.url.host).is_loopback
        except ValueError:
            return self.url.host == "localhost"

    def hide(self, text: str) -> str:
        """The text without any secret that it repeats."""
        secrets = {part for value in self.headers.values() for part in (value, value.partition(" ")[2])}
        for secret in sorted(secrets, key=len, reverse=True):
            if len(secret) >= _SHORTEST_SECRET:
                text = text.replace(secret, "<SECRET>")
        return text


def read_address(settings: RerankSettings) -> Address:
    """The endpoint of `rerank.url`, `rerank.key` and `rerank.headers`.

    Raises ConfigError for what cannot be an address or a header; its words hold no secret.
    """
    headers = read_headers(settings.key, settings.headers, "'rerank.key' and 'rerank.headers'")
    return Address(_route(settings.url), headers)


def _route(text: str) -> httpx.URL:
    """The address with /rerank at its end, which may be left out."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        masked = masked_address(text)
        raise ConfigError(f"setting 'rerank.url' is {masked!r}: expected an address like http://gpu-box:8000/v1/rerank")
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            "setting 'rerank.url' holds a password, a query or a fragment: give secrets as 'rerank.key' or "
            "'rerank.headers', which are never shown"
        )
    path = url.path.rstrip("/")
    return url.copy_with(path=path if path.endswith(_ROUTE) else f"{path}{_ROUTE}")
