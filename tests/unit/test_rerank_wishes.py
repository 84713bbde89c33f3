from __future__ import annotations

import pytest

from pipeline.subscriber import Interest, Profile
from rerank.wishes import Wish, read_wishes


@pytest.mark.parametrize(
    "text, topic, unwanted",
    [
        ("graph learning, but not for molecules", "graph learning", ("molecules",)),
        ("optimisation; except evolutionary algorithms", "optimisation", ("evolutionary algorithms",)),
        ("speech recognition (not children's)", "speech recognition", ("children's",)),
        ("deep learning, not only for images", "deep learning, not only for images", ()),
        ("learning without labels", "learning without labels", ()),
        ("no-reference image quality", "no-reference image quality", ()),
    ],
)
def test_an_exception_within_an_interest_is_a_negative(text: str, topic: str, unwanted: tuple[str, ...]) -> None:
    wishes = read_wishes(Profile((Interest(text),)))

    assert wishes.wanted == (Wish(text, topic, 1.0),)
    assert wishes.unwanted == unwanted


@pytest.mark.parametrize("written", ["medical imaging", "not medical imaging", "nothing about  medical imaging"])
def test_a_negative_is_what_follows_its_not(written: str) -> None:
    assert read_wishes(Profile((), (written,))).unwanted == ("medical imaging",)


def test_blank_texts_and_weightless_interests_are_left_out() -> None:
    profile = Profile((Interest("  "), Interest("owls", 0.0), Interest(" barn  owls ", 2.0)), ("", " "))

    wishes = read_wishes(profile)

    assert wishes.wanted == (Wish("barn owls", "barn owls", 2.0),)
    assert wishes.unwanted == ()
