"""TeX mathematics as abstracts have it, rewritten for typst: the small part of TeX that the sample day uses."""

from __future__ import annotations

import re

from pipeline.errors import UsageError

_MATH = re.compile(r"\$([^$]*)\$")
_TOKEN = re.compile(r"\\(?P<name>[A-Za-z]+|.)|(?P<word>[A-Za-z]{2,})|(?P<other>.)", re.DOTALL)

_SAME = {
    *("alpha", "beta", "gamma", "delta", "eta", "kappa", "lambda", "pi", "psi", "rho", "sigma", "tau", "xi"),
    *("Delta", "Sigma", "times", "sum", "exp", "log", "sin", "sqrt", "hat"),
}
_RENAMED = {
    "pm": "plus.minus",
    "ge": ">=",
    "le": "<=",
    "langle": "chevron.l",
    "rangle": "chevron.r",
    "star": "star.op",
    "mathbb": "bb",
    ",": "thin",
    "%": "%",
}


def split_math(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each ("text", as it is) or ("math", typst source); dollar signs are gone.

    Raises UsageError naming a command that is not known here.
    """
    pieces = _MATH.split(text)  # text and mathematics take turns
    kinds = ("text", "math")
    return [(kinds[place % 2], to_typst(piece) if place % 2 else piece) for place, piece in enumerate(pieces) if piece]


def to_typst(tex: str) -> str:
    r"""One formula: `\sqrt{x}` becomes `sqrt(x)`, `T_{int}` becomes `T_( upright("int") )`."""
    # Braces around a roman word, and the space before an accented letter, do not group as others do.
    tex = re.sub(r"\\mathrm\{([A-Za-z]+)\}", r"\1", tex)
    tex = re.sub(r"\\hat\s+([A-Za-z])", r"\\hat{\1}", tex)
    rewritten = "".join(_rewrite(match) for match in _TOKEN.finditer(tex))
    return " ".join(re.sub(r"\s*([_^])\s*", r"\1", rewritten).split())


def _rewrite(match: re.Match[str]) -> str:
    if name := match["name"]:
        if name in _SAME:
            return f" {name}" if name in {"sqrt", "hat"} else f" {name} "
        if name not in _RENAMED:
            raise UsageError(f"the TeX command \\{name} is not known to the sample day")
        return f" {_RENAMED[name]}" if name == "mathbb" else f" {_RENAMED[name]} "
    if word := match["word"]:
        return f' upright("{word}") '
    return {"{": "(", "}": ")", "/": r"\/"}.get(match["other"], match["other"])
