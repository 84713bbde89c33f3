"""pylatexenc, taught what arXiv's titles and abstracts need beyond its own tables."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from pipeline.texscripts import raised_or_lowered

logger = logging.getLogger(__name__)

RAISED, LOWERED = r"\raisedscript", r"\loweredscript"  # what ^ and _ are rewritten to: pylatexenc drops the difference

# Macros by the arguments they take; of those the last one is printed, the dropped ones print nothing. Chosen by what
# 105,668 titles and abstracts of 2024 to 2026 use.
_PRINTED = {
    "{": ("texttt", "textsf", "textsc", "underline", "uline", "mbox", "boldsymbol", "bm", "operatorname", "url"),
    "{{": ("href", "textcolor", "hyperlink"),
}
_DROPPED = {
    "": (
        *("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "Bigg", "limits"),
        *("em", "it", "bf", "rm", "tt", "sc", "sf", "cal", "small", "noindent", "xspace"),
    ),
    "{": ("ref", "eqref", "label", "color", "footnote", "vspace", "hspace"),
    "[{": ("cite", "citep", "citet"),
}
_SIGNS = {"deg": "°", "neg": "¬", "ne": "≠", "|": "‖", "eg": "e.g.", "ie": "i.e.", "LaTeX": "LaTeX", "TeX": "TeX"}


def read_tex(tex: str) -> str | None:
    """A stretch of TeX as Unicode; None where it is not well formed."""
    walker, printer, grammar = _tools()
    try:
        nodes, _, _ = walker(tex, latex_context=grammar, tolerant_parsing=False).get_latex_nodes()
        return str(printer.nodelist_to_text(nodes))
    except Exception as error:  # noqa: BLE001 - pylatexenc answers broken TeX with IndexError, TypeError and more
        logger.debug("TeX left as it is: %s", type(error).__name__)
        return None


@cache
def _tools() -> tuple[Any, Any, Any]:  # Any: pylatexenc ships no types
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
    from pylatexenc.latexwalker import LatexWalker
    from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_db
    from pylatexenc.macrospec import std_macro

    computed = {
        "raisedscript": ("{", _raised),
        "textsuperscript": ("{", _raised),
        "loweredscript": ("{", _lowered),
        "textsubscript": ("{", _lowered),
        "frac": ("{{", _fraction),
        "binom": ("{{", _choice),
        "unicode": ("{", _code_point),
    }
    arguments = [(name, spec) for table in (_PRINTED, _DROPPED) for spec, names in table.items() for name in names]
    grammar = get_walker_db()
    grammar.add_context_category(
        "autoreader",
        [std_macro(name, spec) for name, spec in [*arguments, *((name, spec) for name, (spec, _) in computed.items())]],
        prepend=True,
    )
    meanings = {name: meaning for name, (_, meaning) in computed.items()}
    printed = {name: _last_argument for names in _PRINTED.values() for name in names}
    dropped = {name: "" for names in _DROPPED.values() for name in names}
    words = get_default_latex_context_db()
    words.add_context_category(
        "autoreader",
        [MacroTextSpec(name, meaning) for name, meaning in {**meanings, **printed, **dropped, **_SIGNS}.items()],
        prepend=True,
    )
    words.set_unknown_macro_spec(MacroTextSpec("", _unknown))
    return LatexWalker, LatexNodes2Text(latex_context=words, math_mode="text", keep_comments=True), grammar


# pylatexenc hands a callback its printer under exactly the name l2tobj. Both are Any: the package ships no types.
def _argument(node: Any, l2tobj: Any, place: int) -> str:
    return " ".join(l2tobj.nodelist_to_text([node.nodeargd.argnlist[place]]).split())


def _last_argument(node: Any, l2tobj: Any) -> str:
    return _argument(node, l2tobj, -1)


def _raised(node: Any, l2tobj: Any) -> str:
    return raised_or_lowered(_argument(node, l2tobj, 0), "^")


def _lowered(node: Any, l2tobj: Any) -> str:
    return raised_or_lowered(_argument(node, l2tobj, 0), "_")


def _fraction(node: Any, l2tobj: Any) -> str:
    parts = (_argument(node, l2tobj, place) for place in (0, 1))
    return "/".join(part if re.fullmatch(r"\w+|.", part) else f"({part})" for part in parts)


def _choice(node: Any, l2tobj: Any) -> str:
    return f"({_argument(node, l2tobj, 0)} choose {_argument(node, l2tobj, 1)})"


def _code_point(node: Any, l2tobj: Any) -> str:
    return chr(int(_argument(node, l2tobj, 0).lstrip("xX"), 16))


def _unknown(node: Any) -> str:
    r"""A macro nobody defined here (`\ours`) stays as it is, apart from its argument."""
    end = node.pos + node.len
    has_argument = node.parsing_state.s[end : end + 1] == "{"
    return f"\\{node.macroname}{node.macro_post_space}{' ' if has_argument else ''}"
