"""What an endpoint is told to let us in: settings as headers, and addresses without what is secret in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import SecretStr

from pipeline.errors import ConfigError

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2


def read_headers(key: SecretStr, headers: Mapping[str, SecretStr], names: str) -> dict[str, str]:
    """A key as a bearer's token, and further headers, names in lower case.

    Raises ConfigError for what cannot be a header; it names the settings (`names`) and holds no secret.
    """
    found = {"authorization": f"Bearer {token}"} if (token := key.get_secret_value().strip()) else {}
    for name, secret in headers.items():
        found[name.strip().lower()] = secret.get_secret_value().strip()
    for name, value in found.items():
        if not _HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise ConfigError(f"settings {names}: header {name!r} or its value holds characters that no header can")
    return found


def masked_address(text: str) -> str:
    """An address without user, password and query."""
    return re.sub(r"//[^/@]*@", "//<SECRET>@", text.partition("?")[0])
