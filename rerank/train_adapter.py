"""Learn an adapter: from what readers took together, against what they let pass on the same days."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.ports import F32
from rerank.adapter import Adapter
from rerank.train_first import FirstStage
from rerank.train_set import Occasion, Split, Texts

logger = logging.getLogger(__name__)

SHRINKAGES = (0.1, 1.0, 10.0)
_STEPS_AN_EPOCH = 50
_A_STEP = 8  # readers' days
_LIKES = 20  # of a reader, drawn anew each time, so that it learns for readers of few likes as well
_STRANGERS = 64  # papers nobody took, beside those of the day
_NEAREST = 5
_TEMPERATURE = 0.1
_RATE = 3e-4
_DECAY = 0.1
_PATIENCE = 3  # epochs without a gain on the days that stop it
_Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class AdapterLesson:
    """What is learnt from, how long at most, and by which dice."""

    texts: Texts
    days: Split
    contract_key: str
    epochs: int
    seed: int
    device: str


def fit_adapter(lesson: AdapterLesson, told: _Told) -> tuple[Adapter, str]:
    """The best adapter on the days that stop training, and how it came about in words.

    It starts from the map that changes nothing, or a whitening where that is better on those days; a matrix of the same
    size is then learnt on top, zero at the start, and the best of all epochs is kept.
    """
    best, how = _best_start(lesson)
    gained = _mean(lesson, best)
    logger.info("adapter: %s, nDCG@10 %.4f", how, gained)
    waited = 0
    for epoch, adapter in enumerate(_epochs(lesson, best), start=1):
        told(epoch, lesson.epochs)
        found = _mean(lesson, adapter)
        logger.info("adapter: epoch %d, nDCG@10 %.4f", epoch, found)
        if found > gained:
            best, gained, waited, how = adapter, found, 0, f"{how.partition(',')[0]}, {epoch} epochs learnt"
        else:
            waited += 1
        if waited == _PATIENCE:
            break
    told(lesson.epochs, lesson.epochs)
    return best, how


def _best_start(lesson: AdapterLesson) -> tuple[Adapter, str]:
    background = lesson.texts.stacked(lesson.days.background)
    dimension = background.shape[1]
    starts = [(Adapter.identity(lesson.contract_key, dimension), "from the encoder's own vectors")]
    if len(background) > dimension:  # with fewer the variances of most directions are unknown
        starts += [
            (Adapter.whitening(lesson.contract_key, background, one), f"from a whitening of shrinkage {one:g}")
            for one in SHRINKAGES
        ]
    return max(starts, key=lambda start: _mean(lesson, start[0]))


def _mean(lesson: AdapterLesson, adapter: Adapter) -> float:
    measured = FirstStage(lesson.texts, lesson.days.background, adapter).measure(lesson.days.stop)
    return float(np.mean(measured)) if measured else 0.0


@dataclass(frozen=True, slots=True)
class _Example:
    """Vectors of some likes of a reader, of one paper they took later (row 0 of `papers`) and of others."""

    likes: F32
    papers: F32


def _epochs(lesson: AdapterLesson, start: Adapter) -> Iterator[Adapter]:
    """The adapter after each epoch. In float32 on any device."""
    import torch
    from torch.nn import functional

    dice = np.random.default_rng(lesson.seed)
    fixed = torch.tensor(start.matrix, device=lesson.device)
    centre = torch.tensor(start.centre, device=lesson.device)
    learnt = torch.nn.Parameter(torch.zeros_like(fixed))
    optimiser = torch.optim.AdamW([learnt], lr=_RATE, weight_decay=_DECAY)
    target = torch.zeros(1, dtype=torch.long, device=lesson.device)

    def adapted(vectors: F32) -> torch.Tensor:
        moved = (torch.tensor(vectors, device=lesson.device) - centre) @ (fixed + learnt)
        return functional.normalize(moved, dim=1)

    for _ in range(lesson.epochs):
        for _ in range(_STEPS_AN_EPOCH):
            examples = _draw(lesson, dice)
            if not examples:
                return
            optimiser.zero_grad()
            for one in examples:
                likenesses = adapted(one.papers) @ adapted(one.likes).T
                nearest = likenesses.topk(min(_NEAREST, likenesses.shape[1]), dim=1).values.mean(dim=1)
                loss = functional.cross_entropy((nearest / _TEMPERATURE)[None], target) / len(examples)
                loss.backward()  # type: ignore[no-untyped-call]  # torch types it not
            optimiser.step()
        matrix = (fixed + learnt).detach().cpu().numpy()
        yield Adapter(start.contract_key, start.centre, matrix.astype(np.float32))


def _draw(lesson: AdapterLesson, dice: np.random.Generator) -> list[_Example]:
    usable = [one for one in lesson.days.learn if _known(lesson.texts, one) and one.passed]
    picked = dice.integers(0, len(usable), _A_STEP).tolist() if usable else []
    return [_example(lesson, usable[at], dice) for at in picked]


def _example(lesson: AdapterLesson, occasion: Occasion, dice: np.random.Generator) -> _Example:
    known = _some(_known(lesson.texts, occasion), _LIKES, dice)
    taken = occasion.taken[int(dice.integers(len(occasion.taken)))]
    strangers = _some(lesson.days.background, _STRANGERS, dice)
    papers = [taken, *occasion.passed, *strangers]
    return _Example(lesson.texts.stacked(known), lesson.texts.stacked(papers))


def _known(texts: Texts, occasion: Occasion) -> list[str]:
    return [one for one in occasion.known if one in texts.vectors]


def _some(ids: Sequence[str], most: int, dice: np.random.Generator) -> list[str]:
    return [ids[at] for at in dice.permutation(len(ids))[:most].tolist()]
