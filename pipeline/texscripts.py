"""Superscripts and subscripts in Unicode, where Unicode has them."""

# ruff: noqa: RUF001 - signs that look like others are what this file is about

from __future__ import annotations

# https://www.unicode.org/charts/nameslist/n_2070.html and the modifier letters of U+1D2C and U+02B0
_RAISED = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ⊤∘′*†",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡᵀ°′*†",
)
_LOWERED = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
)


def raised_or_lowered(text: str, sign: str) -> str:
    """A script set in Unicode; what Unicode lacks keeps its sign: `x^(q/2)`, `L_max`. `sign` is `^` or `_`."""
    table = _RAISED if sign == "^" else _LOWERED
    packed = text.replace(" ", "")
    if all(ord(character) in table for character in packed):
        return packed.translate(table)
    return f"{sign}{text}" if text.isalnum() or len(text) == 1 else f"{sign}({text})"
