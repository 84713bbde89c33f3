"""The label a list of references gives an entry, and the one the text cites it by."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re

_LABEL = re.compile(
    r"\s*(?:\[(?P<bracket>[^\[\]\s][^\[\]]{0,60}?)\]|\((?P<round>\d{1,3})\)(?!\s?\d)"
    r"|(?P<dotted>\d{1,3})[.)](?=\s)|(?P<bare>\d{1,3})(?=\s[^\W\d_a-z]))[.:]?\s*"
)
# natbib prints labels of names and a year too, which the text cites as names.
_AUTHOR_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d[a-z]?$")
_CODE = re.compile(r"[\w+*.’'/:-]{1,24}$")


def label_of(printed: str) -> str:
    """The label, without its brackets: "12", "Knuth84"; empty where there is none or it is names with a year."""
    match = _LABEL.match(printed)
    if match is None:
        return ""
    label = next(group for group in match.groups() if group)
    if not _CODE.match(label) or (_AUTHOR_YEAR.search(label) and " " in label):
        return ""
    return label


def without_label(printed: str) -> str:
    """The reference itself."""
    match = _LABEL.match(printed)
    return printed[match.end() :] if match else printed
