"""`eval rank` on a made stream and labels made here, with the fake encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.evaluation.rank_evaluation import RankParts, evaluate_ranking
from flows.evaluation.rank_reading import RankSource, find_readers, read_interests
from flows.evaluation.rank_rows import RankRow, as_text, rows_json
from flows.evaluation.rank_sets import KnownReader
from flows.evaluation.rank_speed import DrawnEncoder, RankBench
from flows.evaluation.text_vectors import TextVectors
from flows.wiring import open_parts
from pipeline.config import load_settings
from pipeline.digest import Ranked
from pipeline.errors import UsageError
from pipeline.ports import F32, NOTHING_OLDER, Archive, Candidate, Ranker, RankRequest
from pipeline.stages import no_progress
from rerank import open_ablated, open_ranker
from rerank.hybrid import HybridRanker
from tests.fakes.encoder import HashedEncoder
from tests.fakes.papers import make_paper
from tests.fakes.rank_sets import A_DAY, FIRST, a_list, stream, write_lines, write_lists


def read(path: Path, home: Path, **options: Any) -> Sequence[KnownReader]:
    return RankSource(path, **options).read(TextVectors(home, HashedEncoder(), no_progress)).readers


def measured(source: RankSource, home: Path, parts: RankParts | None = None) -> dict[tuple[str, str, str], RankRow]:
    encoder = HashedEncoder()
    vectors = TextVectors(home, encoder, no_progress)
    rows = evaluate_ranking(source, parts or RankParts(), vectors, encoder, no_progress)
    return {(row.dataset, row.method, row.metric): row for row in rows}


def test_a_profile_is_the_older_half_of_the_saves(tmp_path: Path) -> None:
    (reader,) = read(write_lists(tmp_path, a_list("graphs", 0)), tmp_path)

    assert reader.profile.likes == tuple(f"{day:02}-{number:02}" for day in range(12) for number in (0, 4))


def test_nothing_of_a_judged_day_or_later_is_known_before(tmp_path: Path) -> None:
    (reader,) = read(write_lists(tmp_path, a_list("graphs", 0)), tmp_path)

    days = [one.label for one in reader.judged]
    known = {paper["id"]: paper["first_listed"] for paper in stream()}
    assert days == sorted(days)
    assert max(known[one] for one in (*reader.background, *reader.profile.likes)) < min(days)
    assert not set(reader.background) & set(reader.profile.likes)


def test_each_later_day_with_a_save_is_judged_whole(tmp_path: Path) -> None:
    (reader,) = read(write_lists(tmp_path, a_list("graphs", 0)), tmp_path)

    # The middle save was made on the 13th day: the days from the 14th to the 24th hold saves.
    assert [one.label for one in reader.judged] == [f"2026-01-{day}" for day in range(19, 29)]
    assert {len(one.candidates) for one in reader.judged} == {A_DAY}
    assert reader.judged[0].grades == {"14-00": 1.0, "14-04": 1.0}


def test_late_saves_and_short_lists_do_not_count(tmp_path: Path) -> None:
    late = a_list("late", 1)
    for save in late["saves"]:
        save["added"] = "2026-06-01T00:00:00Z"

    readers = read(write_lists(tmp_path, a_list("graphs", 0), late, a_list("short", 2, days=19)), tmp_path)

    assert [reader.name for reader in readers] == ["graphs"]


def test_lists_without_a_topic_are_told_by_their_names_or_lines(tmp_path: Path) -> None:
    names = ["A/Papers-of-the-Week", "b/daily_picks", "c/robots", "d/said", "e/asked"]
    lists = [a_list(name, 0, **({"general": True} if name == "d/said" else {})) for name in names]

    readers = read(write_lists(tmp_path, *lists), tmp_path, general=("e/asked",), days=1)

    assert [reader.is_general for reader in readers] == [True, True, False, True, True]


def test_only_days_with_all_vectors_are_taken_when_asked(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))
    vectors = TextVectors(tmp_path, HashedEncoder(), no_progress)
    vectors.of([f"{one['title']}. {one['abstract']}" for one in stream() if one["id"] < "16"])

    readers = RankSource(path, cached_only=True).read(vectors).readers

    assert [one.label for one in readers[0].judged] == ["2026-01-19", "2026-01-20"]


def test_every_method_finds_the_topic_but_chance(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0), a_list("speech-of-the-week", 3))

    rows = measured(RankSource(path, days=2), tmp_path / "home")

    methods = dict.fromkeys(method for _, method, _ in rows)
    assert list(methods)[:8] == [
        "random",
        "tf-idf centroid",
        "MiniLM centroid",
        "MiniLM top 3",
        "arxiv-sanity-lite",
        "zotero-arxiv-daily",
        "plain fusion",
        "autoreader",
    ]
    topical = "topical (2 rankings)"
    assert all(rows[topical, name, "R@10"].value == 1.0 for name in list(methods)[1:8])
    assert rows[topical, "random", "AUC"].value < 0.9
    assert rows["all (4 rankings)", "autoreader", "nDCG@10"].n == 2
    assert rows[topical, "autoreader over the best other", "R@10"].value == 0.0


def test_an_interest_in_plain_words_is_another_row(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))

    rows = measured(RankSource(path, days=1), tmp_path, RankParts({"graphs": ("graphs",)}))

    assert rows["all (1 rankings)", "autoreader + interest", "R@10"].value == 1.0


def test_ratings_are_measured_by_the_weight_of_wrong_pairs(tmp_path: Path) -> None:
    papers = write_lines(tmp_path / "papers.jsonl", [
        {"id": "s2/1", "title": "Sampling graphs", "abstract": "Random walks sample large graphs."},
        {"id": "s2/2", "title": "Graph sampling", "abstract": "Walks on large graphs, sampled at random."},
        {"id": "s2/3", "title": "Proteins", "abstract": "How they fold."},
        {"id": "s2/4", "title": "Speech", "abstract": "Recorded in the field."},
    ])  # fmt: skip
    labels = write_lines(tmp_path / "labels.jsonl", [
        {"user": "ada", "likes": ["s2/1", "unknown"], "ratings": {"s2/2": 5, "s2/3": 1}},
        {"user": "bo", "interests": ["proteins"], "candidates": ["s2/1", "s2/3"], "relevant": ["s2/3"]},
    ])  # fmt: skip

    rows = measured(RankSource(labels, papers), tmp_path)

    assert rows["all (2 rankings)", "autoreader", "Kendall loss"].value == 0.0
    assert rows["all (2 rankings)", "autoreader", "Kendall loss"].n == 1
    assert rows["all (2 rankings)", "autoreader", "Kendall loss, all pairs"].value == 0.0
    assert rows["all (2 rankings)", "autoreader", "AUC"].n == 1
    assert rows["all (2 rankings)", "autoreader", "AUC"].value == 1.0
    assert rows["all (2 rankings)", "plain fusion", "AUC"].value == 0.5  # who liked nothing taught it nothing


def test_all_parts_are_rows_of_one_table(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0), a_list("speech", 3))
    parts = RankParts({"graphs": ("graphs",)}, only=("autoreader",), cold_start=True, calibration=True, merged=True)

    rows = measured(RankSource(path, days=1), tmp_path, parts)

    assert rows["2 topics in one reader (1 rankings)", "autoreader", "R@20, worse topic"].value == 1.0
    assert rows["cold start, 20 likes", "autoreader", "R@10"].value == 1.0
    assert rows["cold start, 0 likes", "autoreader + interest", "R@10"].n == 1
    assert rows["calibration", "autoreader", "kept"].value == 2 / A_DAY


class Backwards:
    """Implements `pipeline.ports.Ranker`: what it finds best, another ranker finds worst."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    def rank(
        self, requests: Sequence[RankRequest], candidates: Sequence[Candidate], archive: Archive = NOTHING_OLDER
    ) -> list[list[Ranked]]:
        rankings = self._ranker.rank(requests, candidates, archive)
        return [[replace(one, score=-one.score) for one in ranking] for ranking in rankings]


def test_what_a_part_adds_is_the_difference_to_the_ranker_without_it(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))
    parts = RankParts(
        only=("autoreader", "without words"),
        ablated=lambda encoder: {"words": Backwards(open_ranker(encoder))},
    )

    rows = measured(RankSource(path, days=1), tmp_path, parts)

    assert rows["all (1 rankings)", "without words", "R@10"].value == 0.0
    assert rows["all (1 rankings)", "what words adds", "R@10"].value == 1.0
    assert not [name for _, name, _ in rows if "best other" in name]


def test_every_feature_of_likes_can_be_left_out(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))

    rows = measured(RankSource(path, days=1), tmp_path, RankParts(ablated=open_ablated))

    left_out = {name.removeprefix("without ") for _, name, _ in rows if name.startswith("without ")}
    assert left_out == {"meaning", "words", "titles", "authors", "nearest", "the archive"}


def test_an_unknown_method_is_named(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))

    with pytest.raises(UsageError, match="--only best: there is random, tf-idf centroid"):
        measured(RankSource(path, days=1), tmp_path, RankParts(only=("best",)))


@pytest.mark.skipif(find_spec("matplotlib") is not None, reason="matplotlib is installed")
def test_pictures_are_refused_before_the_run_without_matplotlib(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--plot needs matplotlib"):
        measured(RankSource(tmp_path / "nowhere"), tmp_path, RankParts(plot=tmp_path))


def test_a_small_bench_tells_time_and_memory() -> None:
    rows = {
        (row.dataset, row.metric): row.value
        for row in RankBench(3, 12, 2, 30).rows(lambda: HybridRanker(DrawnEncoder()), no_progress)
    }

    assert 0 <= rows["3 x 12 x 2, interests", "papers above the gate"] <= 12
    assert rows["3 x 12 x 2, interests, 10 likes", "peak MB"] > 0
    assert ("learning, 30 papers", "CPU-ms a subscriber") in rows


def test_papers_of_labels_come_from_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_HOME", str(tmp_path / "home"))
    labels = write_lines(tmp_path / "labels.jsonl", [
        {"user": "ada", "likes": ["2601.00001"], "candidates": ["2601.00002", "2601.00003"], "relevant": ["2601.00003"]}
    ])  # fmt: skip
    with open_parts(load_settings()) as parts, parts.store.begin() as work:
        work.papers.save([make_paper(f"2601.0000{number}") for number in (1, 2, 3)], FIRST)

    (reader,) = read(labels, tmp_path)

    assert reader.judged[0].candidates == ("2601.00002", "2601.00003")
    assert reader.profile.likes == ("2601.00001",)


def test_lists_without_papers_say_what_is_missing(tmp_path: Path) -> None:
    alone = write_lines(tmp_path / "lists.jsonl", [a_list("graphs", 0)])

    with pytest.raises(UsageError, match="name their file with --papers"):
        read(alone, tmp_path)


@pytest.mark.parametrize(
    "line, said",
    [
        ('{"user": "ada"}', "no line has two candidates"),
        ('{"likes": []}', "line 1: 'user'"),
        ('{"user": "ada", "likes": "s2/1"}', "'likes' is no list of texts"),
        ('{"list": "x", "saves": [{"id": "1"}]}', "line 1: 'added'"),
        ("[]", "no JSON lines of readers"),
    ],
)
def test_what_is_no_label_is_named(tmp_path: Path, line: str, said: str) -> None:
    papers = write_lines(tmp_path / "papers.jsonl", [{"id": "1", "title": "T", "abstract": "A"}])
    labels = tmp_path / "labels.jsonl"
    labels.write_text(line)

    with pytest.raises(UsageError, match=said):
        read(labels, tmp_path, papers=papers)


def test_interests_are_texts_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('"x/y" = "graphs"\nz = ["speech", "song"]')
    (tmp_path / "b.toml").write_text("z = 3")

    assert read_interests(tmp_path / "a.toml") == {"x/y": ("graphs",), "z": ("speech", "song")}
    with pytest.raises(UsageError, match="'z': expected a text"):
        read_interests(tmp_path / "b.toml")


def test_the_table_has_a_line_a_method_and_the_json_every_figure() -> None:
    rows = [RankRow("all", "ours", "R@10", 0.5, 3, 0.25, 0.75), RankRow.plain("all", "ours", "AUC", 1 / 3, 3)]

    assert as_text(rows).splitlines() == [
        "data  method  n                  R@10    AUC",
        "all   ours    3  0.500 [0.250, 0.750]  0.333",
    ]
    assert rows_json(rows)["rows"][1]["value"] == 0.33333


def test_the_only_file_of_a_folder_is_meant(tmp_path: Path) -> None:
    path = write_lists(tmp_path, a_list("graphs", 0))

    assert find_readers(path.parent) == path
    assert find_readers(path) == path
    write_lines(path.parent / "labels.jsonl", [])
    with pytest.raises(UsageError, match=r"it holds labels.jsonl, lists.jsonl.gz"):
        find_readers(path.parent)


def test_the_command_names_a_missing_file(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["autoreader", "eval", "rank", "nowhere.jsonl"])

    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == 2
    assert "no file nowhere.jsonl" in capsys.readouterr().err


class Refusing(HashedEncoder):
    def encode_passages(self, texts: Sequence[str]) -> F32:
        raise AssertionError(texts)


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    TextVectors(tmp_path, HashedEncoder(), no_progress).of(["graphs", "speech"])

    again = TextVectors(tmp_path, Refusing(), no_progress)

    assert again.of(["speech", "graphs"]).shape == (2, 256)
    assert again.has("speech")
    assert not again.has("song")
