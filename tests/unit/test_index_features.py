"""Which chunks show code, figures and tables."""

from __future__ import annotations

import pytest

from index.features import bits_of, features_of
from index.query import Feature

CODE, FIGURE, TABLE = (bits_of((feature,)) for feature in (Feature.CODE, Feature.FIGURE, Feature.TABLE))


@pytest.mark.parametrize(
    "place",
    [
        "github.com/a/b",
        "GitHub.com/a/b",
        "gitlab.com/a",
        "bitbucket.org/a",
        "codeberg.org/a",
        "huggingface.co/a",
        "hf.co/a",
        "sourceforge.net/projects/a",
        "anonymous.4open.science/r/a",
        "code.google.com/p/a",
        "colab.research.google.com/drive/a",
        "osf.io/abc",
        "our-lab.github.io",
    ],
)
def test_every_place_where_people_keep_code_is_known(place: str) -> None:
    assert features_of(f"It is released at https://{place} for everybody.") == CODE


@pytest.mark.parametrize(
    "text, bits",
    [
        ("Our code will be released.", 0),
        ("See example.com for a list.", 0),
        ("Figure 3: Results.", FIGURE),
        ("Table IV. Results.", TABLE),
        ("As Figure 3 shows, it works.", 0),
    ],
)
def test_a_caption_begins_its_chunk(text: str, bits: int) -> None:
    assert features_of(text) == bits
