"""Fine-tune a cross-encoder: of five papers it is to put the one that was taken first.

The model is sentence-transformers' CrossEncoder; the loop around it is ours, thirty lines, because that package's
trainer needs two packages more (accelerate; datasets with pyarrow and pandas) that nothing else here uses. On CUDA it
runs in bfloat16 autocast, else in float32: one path, the device is a name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from rerank.train_pairs import Group

if TYPE_CHECKING:
    import torch
    from sentence_transformers import CrossEncoder

logger = logging.getLogger(__name__)

_TOKENS = 320  # a title, an abstract and an interest; the longest tenth is cut
_GROUPS_A_STEP = 4
_RATE = 4e-5
_HEAD_RATE = 5e-4  # the last layer begins at random
_WARM_UP = 0.1  # of all steps
_LONGEST_GRADIENT = 1.0
_CHECKS_AN_EPOCH = 2
_PATIENCE = 2  # checks without a gain
_Told = Callable[[int, int], None]
_Judge = Callable[["CrossEncoder"], float]


@dataclass(frozen=True, slots=True)
class Course:
    """How long at most, by which dice, and where."""

    epochs: int
    seed: int
    device: str


def load_base(name: str, device: str, seed: int) -> CrossEncoder:
    """A model to begin with, by hub name or folder, with one output; a bare encoder gets that output at random.

    Raises ConfigError naming it where it cannot be loaded or has more outputs.
    """
    import torch
    import transformers
    from sentence_transformers import CrossEncoder

    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # transformers types it not
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    try:
        model: CrossEncoder = CrossEncoder(name, num_labels=1, device=device, local_files_only=Path(name).is_dir())
    except (OSError, ValueError, RuntimeError) as error:
        raise ConfigError(f"--base {name!r} cannot be loaded: {error}") from error
    model.max_seq_length = min(model.max_seq_length or _TOKENS, _TOKENS)
    return model


def fine_tune(model: CrossEncoder, groups: Sequence[Group], judge: _Judge, course: Course, told: _Told) -> str:
    """Trains the model in place and leaves it as it was at its best check; returns in words how long that took.

    `judge` measures it on the days that stop training; higher is better. An untrained model counts as a check.
    """
    best, state, waited, at = judge(model), _copy(model), 0, "untrained"
    steps = max(1, len(groups) // _GROUPS_A_STEP)
    every = max(1, steps // _CHECKS_AN_EPOCH)
    logger.info("cross-encoder: untrained, nDCG@10 %.4f", best)
    for step in _steps(model, groups, course):
        told(step, steps * course.epochs)
        if step % every:
            continue
        found = judge(model)
        logger.info("cross-encoder: step %d, nDCG@10 %.4f", step, found)
        if found > best:
            best, state, waited, at = found, _copy(model), 0, f"{step} steps of {_GROUPS_A_STEP} questions"
        else:
            waited += 1
        if waited == _PATIENCE:
            break
    told(steps * course.epochs, steps * course.epochs)
    model.load_state_dict(state)
    return at


def _steps(model: CrossEncoder, groups: Sequence[Group], course: Course) -> Iterator[int]:
    """Learns step by step, and tells after each how many there were."""
    import torch

    total = max(1, len(groups) // _GROUPS_A_STEP) * course.epochs
    optimiser = torch.optim.AdamW(_weights(model), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, total))
    for step in range(1, total + 1):
        begin = (step - 1) * _GROUPS_A_STEP % max(1, len(groups) - _GROUPS_A_STEP + 1)
        batch = groups[begin : begin + _GROUPS_A_STEP]
        model.train()
        optimiser.zero_grad()
        loss = _loss(model, batch, course.device)
        loss.backward()  # type: ignore[no-untyped-call]  # torch types it not
        torch.nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_GRADIENT)
        optimiser.step()
        schedule.step()
        model.eval()
        yield step


def _loss(model: CrossEncoder, batch: Sequence[Group], device: str) -> torch.Tensor:
    """Cross-entropy over each group's texts: only what is asked together has to compare."""
    import torch

    pairs = [(group.question, text) for group in batch for text in group.texts]
    features = {
        name: value.to(device) if isinstance(value, torch.Tensor) else value
        for name, value in model.preprocess(pairs).items()
    }
    with torch.autocast("cuda", torch.bfloat16, enabled=device.startswith("cuda")):
        scores = model(features)["scores"]
    target = torch.zeros(len(batch), dtype=torch.long, device=device)
    return torch.nn.functional.cross_entropy(scores.float().reshape(len(batch), -1), target)


def _weights(model: CrossEncoder) -> list[dict[str, object]]:
    named = list(model.named_parameters())
    head = [weight for name, weight in named if "classifier" in name]
    return [
        {"params": [weight for name, weight in named if "classifier" not in name], "lr": _RATE},
        {"params": head, "lr": _HEAD_RATE},
    ]


def _pace(step: int, total: int) -> float:
    """Rises to 1 in the first tenth, then falls to 0."""
    return min((step + 1) / max(1, total * _WARM_UP), 1.0) * (1 - step / total)


def _copy(model: CrossEncoder) -> dict[str, torch.Tensor]:
    return {name: weight.detach().cpu().clone() for name, weight in model.state_dict().items()}
