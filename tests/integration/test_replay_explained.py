"""One decision, whole; and what the commands about decisions print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

import flows.wiring
from flows.explanation import explain
from flows.wiring import Parts
from pipeline.digest import Part, Passage, Ranked
from pipeline.errors import NotFoundError
from pipeline.interleaving import drafted_by
from pipeline.subscriber import FeedbackKind, Interest
from rerank.places import PlacingRanker
from tests.fakes.past import MONDAY, READER, TUESDAY, WEDNESDAY, mail, make_past, past_parts, say, subscribe
from tests.fakes.rankings import TitleRanker, make_ranked
from tests.fakes.shell import Shell

MOSS, ROBOTS, RIVERS = "2611.00001", "2611.00002", "2611.00003"


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_past(tmp_path_factory.mktemp("past"))


@pytest.fixture
def parts(past: Path, tmp_path: Path) -> Iterator[Parts]:
    with past_parts(copytree(past, tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], parts: Parts) -> Shell:
    """A shell in the same home."""
    del parts
    monkeypatch.setattr(flows.wiring.Parts, "ranker", PlacingRanker(TitleRanker()))
    return Shell(monkeypatch, capsys)


def _mailed(parts: Parts, *ranking: Ranked) -> None:
    mail(parts, subscribe(parts, "moss", negatives=("robots",)), MONDAY, ranking)


@pytest.mark.parametrize(
    "ranked,standing,words",
    [
        (make_ranked(ROBOTS, 0.8, place=2), "in the digest", "number 2 of the 2 in the digest"),
        (
            make_ranked(ROBOTS, 0.45, place=2, is_exploration=True),
            "in the digest to learn from",
            "last in the digest to learn from, though only 45% likely to be worth your time",
        ),
        (make_ranked(ROBOTS, 0.8), "no room", "the 1 in the digest stood before it"),
        (
            make_ranked(ROBOTS, 0.8, same_as=MOSS),
            "repeats another",
            "nearly repeats 2611.00001, which is in the digest",
        ),
        (
            make_ranked(ROBOTS, 0.31, parts=(Part("negative", -2.0, 'is about "robots"'),)),
            "overruled",
            'is about "robots"; 31% likely to be worth your time, and 50% is asked for',
        ),
        (make_ranked(ROBOTS, 0.3), "below the gate", "30% likely to be worth your time, and 50% is asked for"),
    ],
)
def test_what_was_decided_is_told_from_the_record(parts: Parts, ranked: Ranked, standing: str, words: str) -> None:
    _mailed(parts, make_ranked(MOSS, 0.9, place=1), ranked)

    told = explain(parts, READER, ROBOTS)

    assert (told.standing, told.words, told.is_recorded) == (standing, words, True)
    assert (told.ranked, told.position, told.considered, told.day) == (ranked, 2, 2, MONDAY)


def test_a_day_that_decided_nothing_is_ranked_anew_with_what_was_known_then(parts: Parts) -> None:
    reader = subscribe(parts, "nothing of this")
    say(parts, reader, RIVERS, TUESDAY)

    before, after = explain(parts, READER, MOSS), explain(parts, READER, "2611.00005")

    assert [(one.is_recorded, one.standing) for one in (before, after)] == [
        (False, "below the gate"),
        (False, "in the digest"),
    ]


def test_a_paper_comes_up_once_and_the_other_day_says_when(parts: Parts) -> None:
    _mailed(parts, make_ranked(MOSS, 0.9, place=1), make_ranked(ROBOTS, 0.3))

    sent, passed = explain(parts, READER, MOSS, TUESDAY), explain(parts, READER, ROBOTS, TUESDAY)

    assert sent.words == "it was in the digest of 2026-11-16, and a paper comes up once"
    assert passed.words == "it was considered, and passed over, on 2026-11-16, and a paper comes up once"
    assert sent.ranked is None


def test_a_paper_that_was_not_announced_that_day_was_not_in_question(parts: Parts) -> None:
    subscribe(parts, "moss")

    told = explain(parts, READER, MOSS, WEDNESDAY)

    assert (told.standing, told.words) == ("not in question", "it was not announced on 2026-11-18 but on 2026-11-16")


def test_an_unknown_paper_or_reader_is_named(parts: Parts) -> None:
    subscribe(parts, "moss")

    with pytest.raises(NotFoundError, match=r"not stored: 2611\.09999; bring it in with"):
        explain(parts, READER, "2611.09999")
    with pytest.raises(NotFoundError, match=r"no subscriber 'nobody@example\.org'"):
        explain(parts, "nobody@example.org", MOSS)


def test_explain_prints_the_reasons_in_parts(parts: Parts, shell: Shell) -> None:
    passage = Passage("Moss grows.", "Abstract", 0)
    reasons = (Part("interest", 2.5, 'matches "moss"'), Part("likes", -0.25, "unlike what you liked"))
    _mailed(parts, make_ranked(MOSS, 0.9, place=1, parts=reasons, passage=passage, like=(RIVERS,), ranker="words"))

    code, out, _ = shell("explain", READER, MOSS)

    assert (code, out.splitlines()) == (
        0,
        [
            "2611.00001  moss on rocks",
            "2026-11-16 for reader@example.org: number 1 of the 1 in the digest",
            "stood 1 of 1; 90% likely, score 2.20, gate 50%; drafted: words",
            "why: Because.",
            '   +2.50  interest: matches "moss"',
            "   -0.25  likes: unlike what you liked",
            "like: 2611.00003",
            'passage: "Moss grows."',
        ],
    )


def test_explain_as_json_holds_the_whole_decision(parts: Parts, shell: Shell) -> None:
    _mailed(parts, make_ranked(MOSS, 0.9, place=1, parts=(Part("interest", 2.5, "matches"),)))

    told = shell.json("explain", READER, MOSS)

    assert told["parts"] == [{"name": "interest", "log_odds": 2.5, "words": "matches"}]
    assert {name: told[name] for name in ("id", "day", "place", "gate", "standing", "recorded")} == {
        "id": MOSS,
        "day": "2026-11-16",
        "place": 1,
        "gate": 0.5,
        "standing": "in the digest",
        "recorded": True,
    }
    assert "score" not in shell.json("explain", READER, MOSS, "--date", "2026-11-17")


def test_replay_prints_days_titles_and_reasons(parts: Parts, shell: Shell) -> None:
    subscribe(parts, "moss", "robots")

    code, out, _ = shell("replay", READER, "--days", "2", "--drop-interest", "moss", "--interest", "stars")

    lines = out.splitlines()
    assert code == 0
    assert "          Because. Before: 10% likely to be worth your time, and 50% is asked for." in lines
    assert "  +  90%  2611.00006  stars and books" in lines
    assert "  -  90%  2611.00003  moss in rivers" in lines
    assert next(line for line in lines if line.startswith("all")).split() == ["all", "4", "1", "2", "1"]


def test_replay_as_json_holds_days_and_totals(parts: Parts, shell: Shell) -> None:
    subscribe(parts, "moss", interests=(Interest("moss"), Interest("robots")))

    told = shell.json("replay", READER, "--not", "robots", "--volume", "few", "--until", "2026-11-16")

    assert told["totals"] == {"days": 1, "mailed": 0, "considered": 2, "kept": 1, "new": 0, "dropped": 1}
    assert [one["id"] for one in told["days"][0]["kept"]] == [MOSS]
    assert told["days"][0]["dropped"][0]["now"] == (
        'is about "robots"; 10% likely to be worth your time, and 75% is asked for'
    )


def test_replay_names_what_cannot_be_dropped_or_forgotten(parts: Parts, shell: Shell) -> None:
    subscribe(parts, "moss")

    dropped, forgotten = (
        shell("replay", READER, *words) for words in (("--drop-interest", "zebra"), ("--without-like", "2611.09999"))
    )

    assert (dropped[0], "no single interest is 'zebra'" in dropped[2]) == (1, True)
    assert (forgotten[0], "not stored: 2611.09999" in forgotten[2]) == (1, True)


def test_interleaving_shows_who_won_and_nobody_by_name(parts: Parts, shell: Shell) -> None:
    assert shell("interleaving")[0] == 3
    reader = subscribe(parts, "moss")
    drafted = [
        make_ranked(MOSS, 0.9, place=1, ranker=drafted_by("words", "learned")),
        make_ranked(ROBOTS, 0.8, place=2, ranker=drafted_by("learned", "words")),
    ]
    mail(parts, reader, MONDAY, drafted)
    with parts.store.begin() as work:
        (waiting,) = work.issues.outbox_of(MONDAY)
        work.issues.mark_sent(waiting.id, "there", parts.clock.now().replace(day=16))
    say(parts, reader, ROBOTS, TUESDAY, FeedbackKind.SAVE)

    told = shell.json("interleaving", "--since", "2026-11-16")
    code, out, _ = shell("interleaving")

    assert told["matches"] == [
        {"ranker": "learned", "rival": "words", "digests": 1, "wins": 1, "losses": 0, "ties": 0, "silent": 0}
        | {"credits": [1, 0], "p_value": 1.0}
    ]
    assert (code, READER in out) == (0, False)
    assert shell.json("interleaving")["matches"] == told["matches"]
