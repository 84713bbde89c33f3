from __future__ import annotations

import pickle

from pipeline import errors
from pipeline.errors import AutoreaderError, MissingExtraError, ReadError, SourceUnavailableError


def test_errors_survive_the_border_of_a_process() -> None:
    for error in (
        ReadError("encrypted", permanent=False),
        SourceUnavailableError("busy", url="http://x", retry_after_s=3.0),
        MissingExtraError("psycopg", "postgres"),
    ):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

        assert type(copy) is type(error)
        assert (str(copy), copy.__dict__) == (str(error), error.__dict__)


def test_every_error_stands_in_the_tree_of_the_docstring() -> None:
    kinds = [
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, AutoreaderError) and name != "AutoreaderError"
    ]

    assert [name for name in kinds if f"── {name}" not in (errors.__doc__ or "")] == []
