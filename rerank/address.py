"""Where a reranker is and what it wants to hear; what of it is secret."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from pipeline.config import RerankSettings
from pipeline.errors import ConfigError

_ROUTE = "/rerank"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2
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
    headers = {"authorization": f"Bearer {key}"} if (key := settings.key.get_secret_value().strip()) else {}
    for name, secret in settings.headers.items():
        headers[name.strip().lower()] = secret.get_secret_value().strip()
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise ConfigError(
                f"settings 'rerank.key' and 'rerank.headers': header {name!r} or its value holds characters that no "
                f"header can"
            )
    return Address(_route(settings.url), headers)


def _route(text: str) -> httpx.URL:
    """The address with /rerank at its end, which may be left out."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        masked = re.sub(r"//[^/@]*@", "//<SECRET>@", text.partition("?")[0])
        raise ConfigError(f"setting 'rerank.url' is {masked!r}: expected an address like http://gpu-box:8000/v1/rerank")
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            "setting 'rerank.url' holds a password, a query or a fragment: give secrets as 'rerank.key' or "
            "'rerank.headers', which are never shown"
        )
    path = url.path.rstrip("/")
    return url.copy_with(path=path if path.endswith(_ROUTE) else f"{path}{_ROUTE}")
