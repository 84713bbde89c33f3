r"""Formulas: TeX to MathML that cannot carry a script.

latex2mathml copies what stands in `\text{...}` unescaped and turns `\href` into a link, so a formula is refused where
it uses a macro that is no mathematics, angle brackets go in as `\lt` and `\gt`, and only an allow-list comes out.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache

import nh3
from markupsafe import Markup

logger = logging.getLogger(__name__)

_MOST_CHARS = 1000  # of one formula; beyond it is no inline formula, and nesting could exhaust the stack
_REFUSED = re.compile(
    r"\\(?:href|url|style|class|cssId|data|unicode|char|rule|includegraphics|require|def|edef|gdef|xdef|let|futurelet"
    r"|newcommand|renewcommand|providecommand|DeclareMathOperator|newenvironment|input|include|verb|tag|label|ref)"
    r"(?![A-Za-z])"
)
_TAGS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "msub", "msup", "msubsup", "munder", "mover"),
    *("munderover", "mmultiscripts", "mprescripts", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle"),
    *("mpadded", "mphantom", "menclose"),
}
_ATTRIBUTES = {
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "separator", "accent", "movablelimits", "minsize", "maxsize", "form"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mtable": {"columnalign"},
    "mtd": {"columnalign"},
    "mstyle": {"displaystyle", "scriptlevel"},
}


@lru_cache(maxsize=4096)
def mathml(tex: str, *, is_display: bool = False) -> Markup | None:
    """A formula (without its dollars) as safe MathML; None where it cannot be shown as such."""
    if not tex.strip() or len(tex) > _MOST_CHARS or _REFUSED.search(tex):
        return None
    converted = _convert(tex.replace("<", r"\lt ").replace(">", r"\gt "), "block" if is_display else "inline")
    # A backslash that is left is a macro nobody understood, or `\lt` within a text: the TeX itself reads better.
    if converted is None or "\\" in converted or "<math" not in converted:
        return None
    return Markup(nh3.clean(converted, tags=_TAGS, attributes=_ATTRIBUTES))  # noqa: S704 - this is the sanitiser


def _convert(tex: str, display: str) -> str | None:
    from latex2mathml.converter import convert

    try:
        return str(convert(tex, display=display))
    except Exception as error:  # noqa: BLE001 - broken TeX ends in IndexError, StopIteration, RecursionError and more
        logger.debug("a formula stays TeX: %s", type(error).__name__)
        return None
