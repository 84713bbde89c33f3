"""`autoreader train`: gather what was taken and let pass, train a model on it, and let it serve only if it wins."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flows.evaluation.text_vectors import TextVectors
from flows.training_feedback import feedback_occasions
from flows.training_lists import FileShelf, StoredShelf, occasions_of, read_lists
from flows.wiring import Parts
from pipeline.candidates import load_abstracts
from pipeline.errors import UsageError
from pipeline.paper import Paper
from pipeline.ports import F32
from rerank.registry import Manifest, ModelKind, Registry
from rerank.serving import open_day_adapter, open_day_scorer
from rerank.train import Contest, Trained, train_adapter, train_cross_encoder
from rerank.train_adapter import AdapterLesson
from rerank.train_cross_encoder import Course
from rerank.train_set import Occasion, Split, Texts, split

_VERSIONS = ("autoreader", "torch", "sentence-transformers", "transformers", "numpy")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to learn from, and how. Without `papers` the lists' papers are those of the store."""

    lists: Path | None
    papers: Path | None
    is_feedback: bool
    days_a_list: int
    base: str
    epochs: int
    device: str
    seed: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Occasions in three parts, their papers, and whose they are in words."""

    days: Split
    papers: Mapping[str, Paper]
    words: str

    @property
    def counts(self) -> dict[str, int]:
        """How much there is."""
        parts = {"days_to_learn_from": self.days.learn, "days_to_stop_at": self.days.stop}
        found = {name: len(part) for name, part in (parts | {"days_to_judge_by": self.days.judge}).items()}
        return found | {
            "taken_to_learn_from": sum(len(one.taken) for one in self.days.learn),
            "papers": len(self.papers),
        }


def gather(parts: Parts, wanted: Wanted) -> Gathered:
    """The training set. Raises UsageError where nothing to learn from is named or found."""
    if not (wanted.lists or wanted.is_feedback):
        raise UsageError("say what to learn from: --lists FILE, --feedback, or both")
    occasions: list[Occasion] = []
    with parts.store.read() as work:
        stored = StoredShelf(work)
        shelf = FileShelf(wanted.papers) if wanted.papers else stored
        lists = read_lists(wanted.lists) if wanted.lists else []
        for reading in lists:
            occasions += occasions_of(reading, shelf, wanted.days_a_list, wanted.seed)
        answers = list(feedback_occasions(work)) if wanted.is_feedback else []
        days = split(occasions + answers, wanted.seed)
        named = {paper for one in (*days.learn, *days.stop, *days.judge) for paper in (*one.papers, *one.known)}
        papers = {**stored.papers(named), **shelf.papers(named)}
    if not days.learn:
        raise UsageError(
            "nothing to learn from: no list or reader has a day on which a paper was taken within 45 days; "
            "lists need the papers of their days: load them first (`autoreader load FILE`), or name --papers FILE"
        )
    return Gathered(_present(days, papers), papers, _words(occasions, answers))


def train(parts: Parts, kind: ModelKind, wanted: Wanted, gathered: Gathered) -> dict[str, Any]:  # Any: JSON
    """Trains, registers, and takes the model into service if it won; the outcome as JSON."""
    registry = Registry(parts.home.trained)
    trained = _fit(parts, kind, wanted, gathered)
    name = registry.next_name(kind)
    manifest = Manifest(
        kind=kind,
        name=name,
        made_at=parts.clock.now().isoformat(timespec="seconds"),
        base=wanted.base,
        contract_key=parts.encoder.contract.key,
        trained_on=gathered.words,
        how=trained.how,
        seed=wanted.seed,
        figures={one: round(value, 4) for one, value in asdict(trained.comparison).items()},
        versions={one: importlib.metadata.version(one) for one in _VERSIONS},
    )
    folder = registry.add(manifest, trained.write)
    if trained.comparison.is_won:
        registry.use(name)
    return {
        "model": name,
        "serves": trained.comparison.is_won,
        "verdict": trained.comparison.words,
        "how": trained.how,
        "folder": str(folder),
        **gathered.counts,
    }


def chosen_device(name: str) -> str:
    """The processor to train on: `auto` is CUDA where there is one. Raises UsageError for one that is not there."""
    import torch

    has_gpu = torch.cuda.is_available()
    if name == "auto":
        return "cuda" if has_gpu else "cpu"
    if name != "cpu" and not (name.startswith("cuda") and has_gpu):
        raise UsageError(f"--device {name}: there is {'auto, cpu and cuda' if has_gpu else 'auto and cpu'} here")
    return name


def _fit(parts: Parts, kind: ModelKind, wanted: Wanted, gathered: Gathered) -> Trained:
    registry = Registry(parts.home.trained)
    texts = _texts(parts, gathered)
    key = parts.encoder.contract.key
    adapter = open_day_adapter(registry, key)
    device = chosen_device(wanted.device)

    def told(done: int, total: int) -> None:
        parts.context.progress("train", done, total)

    if kind is ModelKind.ADAPTER:
        lesson = AdapterLesson(texts, gathered.days, key, wanted.epochs, wanted.seed, device)
        return train_adapter(lesson, adapter, told)
    rerank = parts.settings.rerank
    with ExitStack() as closing:
        serving = open_day_scorer(rerank, registry, closing)
        contest = Contest(texts, gathered.days, serving.scorer if serving else None, adapter, rerank.weight)
        course = Course(wanted.epochs, wanted.seed, device)
        return train_cross_encoder(contest, wanted.base or _packaged(), course, told)


def _packaged() -> str:
    from index.packaged import packaged_model

    return str(packaged_model())


def _texts(parts: Parts, gathered: Gathered) -> Texts:
    """Texts and vectors: the stored vector of an abstract where there is one, else one made now and kept."""
    ids = sorted(gathered.papers)
    texts = {one: f"{gathered.papers[one].title}. {gathered.papers[one].abstract}" for one in ids}
    with parts.store.read() as work:
        stored = load_abstracts(work, parts.embedded, ids)
    vectors: dict[str, F32] = {one: found.vectors[0] for one, found in stored.items() if found.chunks[0].page == 0}
    missing = [one for one in ids if one not in vectors]
    made = TextVectors(parts.home.trained, parts.encoder, parts.context.progress)
    vectors.update(zip(missing, made.of([texts[one] for one in missing]), strict=True))
    return Texts({one: gathered.papers[one].title for one in ids}, texts, vectors, _topics(parts, gathered.days))


def _topics(parts: Parts, days: Split) -> dict[str, F32]:
    topics = sorted({one.topic for one in (*days.learn, *days.stop, *days.judge)} - {""})
    if not topics:
        return {}
    return dict(zip(topics, np.asarray(parts.encoder.encode_queries(topics), np.float32), strict=True))


def _present(days: Split, papers: Mapping[str, Paper]) -> Split:
    """The same without papers whose text is gone (their record was deleted)."""

    def kept(occasions: Sequence[Occasion]) -> tuple[Occasion, ...]:
        return tuple(one for one in occasions if all(paper in papers for paper in one.papers))

    background = tuple(one for one in days.background if one in papers)
    return Split(kept(days.learn), kept(days.stop), kept(days.judge), background)


def _words(lists: Sequence[Occasion], answers: Sequence[Occasion]) -> str:
    said = []
    if lists:
        said.append(f"{len({one.learner for one in lists})} curated lists on {len(lists)} days")
    if answers:
        readers = {one.learner.partition(",")[0] for one in answers}
        said.append(f"the feedback of {len(readers)} readers on {len(answers)} days")
    return " and ".join(said)
