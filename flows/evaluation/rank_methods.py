"""Ways to order a day for a reader who liked some papers: those this project is compared with, each in few lines.

A method is given a reader as they were before the day (`Asked`), and makes a scorer of days. All see the same texts
and the same vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any  # of sparse matrices and classifiers: neither scipy nor sklearn ships types

import numpy as np

from flows.evaluation.rank_papers import passage_text
from flows.evaluation.rank_scores import F64
from pipeline.ports import F32, Archive, Candidate
from pipeline.subscriber import Profile

Scorer = Callable[[Sequence[Candidate]], F64]  # one score a paper, higher is better


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader before the day: `liked` in the order in which they were liked, the archive before the first day."""

    name: str
    profile: Profile
    liked: tuple[Candidate, ...]
    disliked: tuple[Candidate, ...]
    archive: Archive


Method = Callable[[Asked], Scorer]


def baselines() -> dict[str, Method]:
    """Each by its name. They know nothing but likes: who liked nothing gets the same score for every paper."""
    taught = {
        "tf-idf centroid": tfidf_centroid,
        "MiniLM centroid": vector_centroid,
        "MiniLM top 3": vector_top_3,
        "arxiv-sanity-lite": arxiv_sanity_lite,
        "zotero-arxiv-daily": zotero_arxiv_daily,
        "plain fusion": plain_fusion,
    }
    return {"random": by_chance} | {name: _if_taught(method) for name, method in taught.items()}


def _if_taught(method: Method) -> Method:
    return lambda asked: method(asked) if asked.liked else lambda day: np.zeros(len(day))


def by_chance(asked: Asked) -> Scorer:
    """What knowing nothing gives: a digest of the reader's name and the paper's id."""

    def score(paper: Candidate) -> float:
        return int.from_bytes(hashlib.sha256(f"{asked.name} {paper.paper.id}".encode()).digest()[:6]) / 2**48

    return lambda day: np.asarray([score(paper) for paper in day], np.float64)


def tfidf_centroid(asked: Asked) -> Scorer:
    """Cosine with the mean of the liked papers' tf-idf vectors: the figure this data comes with."""
    words = _Words.of(asked)
    centre = np.asarray(words.liked.mean(axis=0)).ravel()
    return lambda day: np.asarray(words.of_day(day) @ centre, np.float64)


def vector_centroid(asked: Asked) -> Scorer:
    """Cosine with the mean of the liked papers' embeddings."""
    centre = _rows(asked.liked).mean(axis=0)
    return lambda day: np.asarray(_rows(day) @ centre, np.float64)


def vector_top_3(asked: Asked) -> Scorer:
    """The mean cosine with the three nearest liked papers: what several topics in one reader ask for."""
    return lambda day: top_mean(_rows(day) @ _rows(asked.liked).T, 3)


def top_mean(similarities: F32, most: int) -> F64:
    """The mean of each row's largest values."""
    return np.asarray(np.sort(similarities, axis=1)[:, -most:].mean(axis=1), np.float64)


def arxiv_sanity_lite(asked: Asked) -> Scorer:
    """A linear SVM on tf-idf of title, abstract and authors, with everything else as negatives, the day included.

    https://github.com/karpathy/arxiv-sanity-lite: `compute.py` (20,000 words and pairs, in at least 5 papers and at
    most a tenth, sublinear) and `serve.py` (C .01, balanced). The archive's sample stands for its database.
    """
    from scipy.sparse import vstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        strip_accents="unicode",
        stop_words="english",
        token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",  # noqa: S106  (a pattern of words, no password)
        ngram_range=(1, 2),
        max_features=20_000,
        sublinear_tf=True,
        max_df=0.1 if len(asked.archive.sample) > _MANY else 1.0,
        min_df=5 if len(asked.archive.sample) > _MANY else 1,
        dtype=np.float32,
    )
    known = vectorizer.fit_transform([_with_authors(one) for one in (*asked.liked, *asked.archive.sample)])

    def score(day: Sequence[Candidate]) -> F64:
        features = vectorizer.transform([_with_authors(paper) for paper in day])
        labels = np.arange(known.shape[0] + len(day)) < len(asked.liked)
        svm = _svm(vstack([known, features]).tocsr(), labels, 0.01)
        return np.asarray(svm.decision_function(features), np.float64)

    return score


def zotero_arxiv_daily(asked: Asked) -> Scorer:
    """The mean cosine with all liked papers, the newest weighing most: 1 / (1 + log10(i)) for the i-th newest.

    https://github.com/TideDra/zotero-arxiv-daily: `recommender.py`, here with the same embeddings as everything else.
    """
    weights = 1 / (1 + np.log10(np.arange(len(asked.liked)) + 1))
    newest_first = _rows(asked.liked)[::-1]
    return lambda day: np.asarray((_rows(day) @ newest_first.T) @ (weights / weights.sum()), np.float64)


def plain_fusion(asked: Asked) -> Scorer:
    """Four figures added, each scaled to mean 0 and deviation 1 over the day.

    SVM on tf-idf (C .05) and logistic regression on embeddings (C 3), both balanced and with the archive's sample as
    negatives, and half of the mean of the five nearest liked papers, by embeddings and by tf-idf. Without any negatives
    there is nothing to learn from.
    """
    if not asked.archive.sample:
        return lambda day: np.zeros(len(day))
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    words, vectors = _Words.of(asked), _rows(asked.liked)
    labels = np.arange(len(asked.liked) + len(asked.archive.sample)) < len(asked.liked)
    svm = _svm(vstack([words.liked, words.sample]).tocsr(), labels, 0.05)
    logistic = LogisticRegression(C=3, class_weight="balanced", max_iter=1000)
    logistic.fit(np.concatenate([vectors, _rows(asked.archive.sample)]), labels)

    def score(day: Sequence[Candidate]) -> F64:
        features, rows = words.of_day(day), _rows(day)
        return (
            scaled(svm.decision_function(features))
            + scaled(logistic.decision_function(rows))
            + scaled(top_mean(rows @ vectors.T, 5)) / 2
            + scaled(top_mean((features @ words.liked.T).toarray(), 5)) / 2
        )

    return score


def scaled(values: F64) -> F64:
    """The values with mean 0 and deviation 1; zeros where all are equal."""
    centred = values - values.mean()
    return np.asarray(centred / (centred.std() or 1.0), np.float64)


_MANY = 100  # papers from which word counts can be trimmed
_TRIMMED = 2  # texts a word must stand in


@dataclass(frozen=True, slots=True)
class _Words:
    """Tf-idf of words and pairs of words, learnt before the day: rows of unit length."""

    vectorizer: Any
    liked: Any
    sample: Any

    @classmethod
    def of(cls, asked: Asked) -> _Words:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            stop_words="english",
            ngram_range=(1, 2),
            sublinear_tf=True,
            min_df=_TRIMMED if len(asked.archive.sample) > _MANY else 1,
            dtype=np.float32,
        )
        rows = vectorizer.fit_transform([passage_text(one.paper) for one in (*asked.liked, *asked.archive.sample)])
        return cls(vectorizer, rows[: len(asked.liked)], rows[len(asked.liked) :])

    def of_day(self, day: Sequence[Candidate]) -> Any:
        return self.vectorizer.transform([passage_text(paper.paper) for paper in day])


def _svm(features: Any, labels: Any, strictness: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=strictness, class_weight="balanced", max_iter=10_000, tol=1e-6).fit(features, labels)


def _rows(papers: Sequence[Candidate]) -> F32:
    """The vectors of the abstracts, one below the other."""
    return np.concatenate([paper.vectors[:1] for paper in papers])


def _with_authors(paper: Candidate) -> str:
    return f"{paper.paper.title} {paper.paper.abstract} {' '.join(paper.paper.authors)}"
