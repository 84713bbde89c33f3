"""Which OAI-PMH sets and which feed names hold the chosen categories."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.errors import ConfigError

# The active archives and the group each belongs to, as arXiv's ListSets shows them:
# a set is `group`, `group:archive` or `group:archive:CATEGORY` (arXiv/oaipmh, create_set_list.py).
ARCHIVES: dict[str, str] = {
    "astro-ph": "physics",
    "cond-mat": "physics",
    "cs": "cs",
    "econ": "econ",
    "eess": "eess",
    "gr-qc": "physics",
    "hep-ex": "physics",
    "hep-lat": "physics",
    "hep-ph": "physics",
    "hep-th": "physics",
    "math": "math",
    "math-ph": "physics",
    "nlin": "physics",
    "nucl-ex": "physics",
    "nucl-th": "physics",
    "physics": "physics",
    "q-bio": "q-bio",
    "q-fin": "q-fin",
    "quant-ph": "physics",
    "stat": "stat",
}
# Archives that are a category themselves; the others only hold categories.
_UNDIVIDED = frozenset(
    {"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"},
)


def set_of(pattern: str) -> str | None:
    """The set that holds a category pattern; None (no set, everything) for `*`.

    `cs.IR` is `cs:cs:IR`, `cs.*` is `cs`, `hep-th` is `physics:hep-th`, `astro-ph.EP` is `physics:astro-ph:EP`.
    Raises ConfigError for an archive that does not exist and for a divided archive without its dot.
    """
    if pattern == "*":
        return None
    archive, _, category = pattern.partition(".")
    if (group := ARCHIVES.get(archive)) is None:
        raise ConfigError(
            f"setting 'arxiv.categories' holds {pattern!r}: no archive {archive!r}; there are {', '.join(ARCHIVES)}"
        )
    if category not in ("", "*"):
        return f"{group}:{archive}:{category}"
    if not category and archive not in _UNDIVIDED:
        raise ConfigError(f"setting 'arxiv.categories' holds {pattern!r}: write {archive}.* for the whole archive")
    # A group of one archive is asked for as such: `cs`, not `cs:cs`.
    return group if list(ARCHIVES.values()).count(group) == 1 else f"{group}:{archive}"


def sets_of(patterns: Sequence[str]) -> tuple[str | None, ...]:
    """The fewest sets that hold all patterns: none within another, none twice, in the order given."""
    wanted = list(dict.fromkeys(set_of(pattern) for pattern in patterns))
    if None in wanted:
        return (None,)
    named = [name for name in wanted if name is not None]
    return tuple(name for name in named if not any(name.startswith(f"{other}:") for other in named))


def feed_names(patterns: Sequence[str]) -> tuple[str, ...]:
    """How the feed is asked for the same: categories by name, a whole archive by its name without `.*`."""
    if "*" in patterns:
        return tuple(ARCHIVES)
    for pattern in patterns:
        set_of(pattern)  # the same names are wrong in both
    whole = {pattern.removesuffix(".*") for pattern in patterns if pattern.endswith(".*")}
    names = (pattern.removesuffix(".*") for pattern in patterns)
    return tuple(dict.fromkeys(name for name in names if name in whole or name.partition(".")[0] not in whole))
