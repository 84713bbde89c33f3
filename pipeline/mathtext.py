"""Mathematics and accents written in TeX, as Unicode text for a mail; broken TeX comes through as it was written.

arXiv keeps titles, authors and abstracts as TeX-flavoured text, not as TeX: `5% of users` holds no comment, `AT&T` no
alignment. So only what is certainly meant as TeX is converted.
"""

# ruff: noqa: RUF001 - signs that look like others are what this file is about

from __future__ import annotations

import re
import unicodedata

from pipeline.texreader import LOWERED, RAISED, read_tex

# As in pandoc's manual (tex_math_dollars): no space inside the dollars, no digit after the closing one, so that
# "from $5 to $10" is money. Also \(...\), \[...\] and $$...$$.
_MATH = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]+)\$\$"
    r"|(?<!\\)\$(?!\s)(?P<dollars>(?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)"
    r"|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
_TEX_IN_TEXT = re.compile(r"\\[^\s\d]|``|''|(?<=\S)~(?=\S)|---?")
_SCRIPT = re.compile(r"(?<!\\)([_^])\s*(\\[A-Za-z]+\s*\{[^{}]*\})?")
_FUNCTION = re.compile(
    r"\s*(\\(?:log|ln|exp|sin|cos|tan|max|min|det|dim|arg|sup|inf|lim|operatorname)\b)(\s+(?=[\w\\]))?"
)
_RENAMED = {
    r"\widetilde": r"\tilde",
    r"\widehat": r"\hat",
    r"\overline": r"\bar",
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
}
_RELATION = re.compile(r"(?<=\S)\s*([=≤≥≠≈≡∼≃≅<>≪≫∈∉⊂⊆⊃⊇→←↔↦⇒⇔∝×±∪∩⊗⊕])\s*(?=\S)")
_LEADING = re.compile(r"^([≈∼<>≤≥±−-])\s+")
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # could turn a line around


def clean(text: str) -> str:
    """One line of printable text: runs of white space become one space, control characters vanish."""
    kept = (c for c in text if c.isspace() or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _DIRECTION))
    return " ".join("".join(kept).split())


def tex_to_text(text: str) -> str:
    """Metadata (title, author, abstract) in Unicode, on one line."""
    return clean(_convert(text, is_prose_tex=True))


def math_to_text(text: str) -> str:
    """A passage read from a PDF: only what stands between dollars is TeX, the rest is quoted to the letter."""
    return clean(_convert(text, is_prose_tex=False))


def _convert(text: str, *, is_prose_tex: bool) -> str:
    pieces, end = [], 0
    for match in _MATH.finditer(text):
        before = text[end : match.start()]
        pieces.append(_prose(before) if is_prose_tex else before)
        pieces.append(_math(match))
        end = match.end()
    pieces.append(_prose(text[end:]) if is_prose_tex else text[end:])
    return "".join(pieces)


def _prose(text: str) -> str:
    if not _TEX_IN_TEXT.search(text):
        return text
    escaped = re.sub(r"(?<!\\)([%&#$])", r"\\\1", text)
    inner = read_tex(escaped.strip())
    if inner is None:
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return lead + inner + trail


def _math(match: re.Match[str]) -> str:
    tex = next(group for group in match.groups() if group is not None)
    tex = re.sub(r"(?<!\\)([%#])", r"\\\1", tex)
    tex = re.sub(r"\\[A-Za-z]+", lambda macro: _RENAMED.get(macro[0], macro[0]), tex)
    tex = _FUNCTION.sub(_set_apart, tex)
    inner = read_tex(_SCRIPT.sub(_as_macro, tex))
    if inner is None:
        return match[0]
    inner = _RELATION.sub(r" \1 ", clean(inner))
    return _LEADING.sub(r"\1", inner)


def _set_apart(function: re.Match[str]) -> str:
    r"""`n\\log n` needs the spaces that TeX puts by itself."""
    before = function.string[: function.start(1)].rstrip()[-1:]
    return (
        (" " if before and (before.isalnum() or before in ")}]") else "") + function[1] + (r"\ " if function[2] else "")
    )


def _as_macro(match: re.Match[str]) -> str:
    macro = RAISED if match[1] == "^" else LOWERED
    return f"{macro}{{{match[2]}}}" if match[2] else f"{macro} "
