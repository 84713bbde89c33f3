"""Tells fonts for mathematics by their names."""

from __future__ import annotations

import re
from functools import lru_cache

# Computer Modern and AMS (CMMI, CMSY, CMEX, MSAM, MSBM, EUFM, RSFS), their kin in other families (MTMI, txsy, NewTXMI,
# FourierMath), OpenType's "... Math", Word's Cambria Math, and Symbol.
_NAME = re.compile(
    r"cmmi|cmmib|cmsy|cmbsy|cmex|msam|msbm|eu[fsrei][mbx]\d|rsfs|math|mtmi|mtsy|mtex|"
    r"[tp]x(?:b?mi|b?sy|b?ex|sya|syb|mia)|txmi|pxmi|pazom|fourier-?m|wasy|stmary|bbold|bbm\d|dsrom|esint|^(?:\w+\+)?symbol",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_mathematics(name: str) -> bool:
    """Whether a font of this PostScript name is made for formulas."""
    return bool(_NAME.search(name))
