"""PDFs spoiled by chance, always the same for the same seed: what a careless or a hostile hand makes of good ones."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.fakes import bombs, hostile_pdfs
from tests.fakes.papers import make_pdf

_NUMBER = re.compile(rb"(?<=[ \[/])-?\d+(?=[ \]/\r\n>])")
_NAME = re.compile(rb"/[A-Z][A-Za-z0-9]+")
_EXTREMES = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"1e30",
    b"99999999999999999999",
)
_BOMBS = 0.3  # of all; the rest are spoiled
_PARAGRAPH = "We describe a study of searching in long texts and what it found. " * 8


@dataclass(frozen=True, slots=True)
class Mutant:
    """A spoiled file, and what was done to it."""

    seed: int
    kind: str
    content: bytes


def make_mutants(count: int, bases: Sequence[bytes] = (), first_seed: int = 0) -> Iterator[Mutant]:
    """So many files, bombs and spoiled ones mixed; `bases` are good PDFs to spoil besides some of our own."""
    own = [
        make_pdf([f"# A title\n\n{_PARAGRAPH}\n\n# 1 Results\n\n{_PARAGRAPH}", _PARAGRAPH]),
        hostile_pdfs.make_scan(),
        hostile_pdfs.make_turned(_PARAGRAPH, 90),
        hostile_pdfs.make_text_bomb(20_000),
    ]
    bases = [*own, *bases, *bases]
    for seed in range(first_seed, first_seed + count):
        chance = random.Random(seed)  # noqa: S311 (no secret)
        if chance.random() < _BOMBS:
            yield Mutant(seed, *bombs.make_bomb(chance))
        else:
            kind = chance.choice(sorted(_SPOILERS))
            yield Mutant(seed, kind, _SPOILERS[kind](chance, bytearray(chance.choice(bases))))


def _bits(chance: random.Random, pdf: bytearray) -> bytes:
    for _ in range(chance.choice([1, 10, 100, 1_000])):
        pdf[chance.randrange(len(pdf))] ^= 1 << chance.randrange(8)
    return bytes(pdf)


def _cut(chance: random.Random, pdf: bytearray) -> bytes:
    end = chance.choice([b"", b"\n%%EOF\n"])
    return bytes(pdf[: chance.randrange(len(pdf))]) + end


def _without(chance: random.Random, pdf: bytearray) -> bytes:
    start = chance.randrange(len(pdf))
    del pdf[start : start + chance.choice([1, 100, 5_000])]
    return bytes(pdf)


def _twice(chance: random.Random, pdf: bytearray) -> bytes:
    start = chance.randrange(len(pdf))
    piece = pdf[start : start + chance.choice([10, 1_000])]
    at = chance.randrange(len(pdf))
    return bytes(pdf[:at] + piece * chance.choice([1, 100]) + pdf[at:])


def _noise(chance: random.Random, pdf: bytearray) -> bytes:
    at = chance.randrange(len(pdf))
    noise = chance.randbytes(chance.choice([1, 100, 10_000]))
    return bytes(pdf[:at] + noise + pdf[at + chance.choice([0, len(noise)]) :])


def _numbers(chance: random.Random, pdf: bytearray) -> bytes:
    share = chance.choice([0.002, 0.02, 0.2])
    return _NUMBER.sub(lambda found: chance.choice(_EXTREMES) if chance.random() < share else found[0], bytes(pdf))


def _names(chance: random.Random, pdf: bytearray) -> bytes:
    known = sorted(set(_NAME.findall(bytes(pdf)))) or [b"/X"]
    share = chance.choice([0.02, 0.2])
    return _NAME.sub(lambda found: chance.choice(known) if chance.random() < share else found[0], bytes(pdf))


def _references(chance: random.Random, pdf: bytearray) -> bytes:
    """Objects that refer to others than they should, themselves included."""
    most = bytes(pdf).count(b" obj") + 2
    return re.sub(
        rb"\b\d+ 0 R",
        lambda found: b"%d 0 R" % chance.randrange(most) if chance.random() < 0.15 else found[0],
        bytes(pdf),
    )


_SPOILERS: dict[str, Callable[[random.Random, bytearray], bytes]] = {
    "bits flipped": _bits,
    "cut off": _cut,
    "names exchanged": _names,
    "noise put in": _noise,
    "numbers made extreme": _numbers,
    "parts left out": _without,
    "parts repeated": _twice,
    "references exchanged": _references,
}
