"""What a font's name tells of its look; PDFs from TeX say it nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Families that name their bold otherwise: Computer Modern (CMBX), Nimbus (Medi), Libertine (LinLibertineTB), txfonts.
_BOLD = re.compile(
    r"bold|black|heavy|demi|cmb|sfb|cmssbx|bx\d|-medi|lin\w+t[bz]|rtxb|(?:^|\+)txb|poppl-?laurb", re.IGNORECASE
)
_MONO = re.compile(
    r"mono|courier|consol|cmtt|sftt|cmsltt|typewriter|menlo|nimbusmon|txtt|inconsolat|-tt|"
    r"(?:^|\+)(?:hack\b|fira ?code|cascadia|jetbrains|source ?code|monaco|pcr[rb]|cousine|lucida ?console)",
    re.IGNORECASE,
)
_SMALL_CAPS = re.compile(r"csc|small-?caps|-sc\b|caps\d", re.IGNORECASE)

_ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl|sfti|sfsl|cmbxti|-it\b|lin\w+ti", re.IGNORECASE)

_FIXED_PITCH = 1 << 0  # PDF 32000-1, table 123
_ITALIC_FLAG = 1 << 6
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 650  # pdfium guesses 345..490 for text fonts, 570..700 for bold ones


@dataclass(frozen=True, slots=True)
class Look:
    """How a font looks."""

    is_bold: bool
    is_mono: bool
    is_small_caps: bool
    is_italic: bool


@lru_cache(maxsize=4096)
def look_of(name: str, flags: int, weight: int) -> Look:
    """The look of a font by its PostScript name, its descriptor's flags and pdfium's guess of its weight."""
    return Look(
        is_bold=bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD) or weight >= _BOLD_WEIGHT,
        is_mono=bool(_MONO.search(name)) or bool(flags & _FIXED_PITCH),
        is_small_caps=bool(_SMALL_CAPS.search(name)),  # not by its flag: typst sets that for every font
        is_italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG),
    )
