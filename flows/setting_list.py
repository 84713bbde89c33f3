"""All settings as rows, for `autoreader settings` and the README."""

from __future__ import annotations

import re

from pydantic import BaseModel, SecretStr

from pipeline.config import Settings

_PASSWORD = re.compile(r"//[^/@\s]+@")  # user and password of any URL


def setting_rows(settings: Settings) -> list[tuple[str, str, str]]:
    """(environment variable, value in force, meaning) of every setting; secrets are not shown."""
    return _rows(settings, "AUTOREADER_")


def _rows(section: BaseModel, prefix: str) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            rows += _rows(value, f"{prefix}{name.upper()}__")
        else:
            rows.append((prefix + name.upper(), _shown(value), field.description or ""))
    return rows


def _shown(value: object) -> str:
    match value:
        case SecretStr():
            return "<SECRET>" if value.get_secret_value() else ""
        case tuple():
            return " ".join(str(one) for one in value)
        case dict():
            return " ".join(f"{name}=<SECRET>" for name in value)
        case _:
            return _PASSWORD.sub("//<SECRET>@", str(value))
