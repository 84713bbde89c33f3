"""From category patterns to OAI sets and feed names."""

from __future__ import annotations

import pytest

from pipeline.arxiv_source.sets import ARCHIVES, feed_names, set_of, sets_of
from pipeline.errors import ConfigError


@pytest.mark.parametrize(
    "pattern,expected",
    [
        ("cs.IR", "cs:cs:IR"),
        ("cs.*", "cs"),
        ("hep-th", "physics:hep-th"),
        ("stat.ML", "stat:stat:ML"),
        ("astro-ph.EP", "physics:astro-ph:EP"),
        ("astro-ph.*", "physics:astro-ph"),
        ("physics.*", "physics:physics"),
        ("physics.optics", "physics:physics:optics"),
        ("math-ph", "physics:math-ph"),
        ("hep-th.*", "physics:hep-th"),
        ("q-bio.*", "q-bio"),
        ("*", None),
    ],
)
def test_a_pattern_has_its_set(pattern: str, expected: str | None) -> None:
    assert set_of(pattern) == expected


def test_an_unknown_archive_is_named() -> None:
    with pytest.raises(ConfigError, match=r"'cx\.IR': no archive 'cx'; there are astro-ph, cond-mat, cs"):
        set_of("cx.IR")


def test_an_archive_without_its_dot_is_refused_because_it_would_match_no_paper() -> None:
    with pytest.raises(ConfigError, match=r"write cs\.\* for the whole archive"):
        sets_of(("cs",))


def test_sets_within_others_are_not_asked_for() -> None:
    assert sets_of(("cs.IR", "cs.*", "stat.ML", "cs.IR")) == ("cs", "stat:stat:ML")


def test_everything_is_one_list_without_a_set() -> None:
    assert sets_of(("cs.IR", "*")) == (None,)


def test_a_set_is_not_within_another_that_only_begins_alike() -> None:
    assert sets_of(("math.AG", "math-ph", "physics.*")) == ("math:math:AG", "physics:math-ph", "physics:physics")


def test_the_feed_takes_archives_and_categories_by_name() -> None:
    assert feed_names(("cs.IR", "cs.CL", "hep-th", "math.*", "math.AG")) == ("cs.IR", "cs.CL", "hep-th", "math")


def test_the_feed_of_everything_names_every_archive() -> None:
    assert feed_names(("*",)) == tuple(ARCHIVES)


def test_the_feed_refuses_the_same_names() -> None:
    with pytest.raises(ConfigError, match="no archive 'nope'"):
        feed_names(("nope.X",))
