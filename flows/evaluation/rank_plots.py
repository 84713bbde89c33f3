"""Pictures of what `eval rank` measured. They need matplotlib, which nothing else here does."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any  # of matplotlib, which is not installed where types are checked

from flows.evaluation.rank_calibration import KEPT, PROMISED, WORTH
from flows.evaluation.rank_cold_start import DATASET, LIKES
from flows.evaluation.rank_rows import RankRow
from pipeline.errors import UsageError

_COLOURS = ("#1f5f8b", "#c2571a")
_METRIC = "nDCG@10"


def check_plotting() -> None:
    """Raises UsageError where pictures cannot be drawn: better before the run than after it."""
    if importlib.util.find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib; install it with: pip install matplotlib")


def draw_cold_start(rows: Sequence[RankRow], folder: Path) -> Path | None:
    """The curve of each method over the likes; None where it was not measured."""
    wanted = [row for row in rows if row.dataset.startswith(DATASET) and row.metric == _METRIC]
    if not wanted:
        return None
    figure, axes = _axes((6.4, 4))
    for method, colour in zip(_methods(wanted), _COLOURS, strict=False):
        curve = [row for row in wanted if row.method == method]
        places = [LIKES.index(_likes(row)) for row in curve]
        axes.plot(places, [row.value for row in curve], color=colour, marker="o", label=method)
        axes.fill_between(places, [row.low for row in curve], [row.high for row in curve], color=colour, alpha=0.12)
    axes.set(xticks=range(len(LIKES)), xticklabels=LIKES, xlabel="papers liked", ylabel=_METRIC, ylim=(0, None))
    return _saved(figure, axes, folder / "rank-cold-start.png")


def draw_calibration(rows: Sequence[RankRow], folder: Path) -> Path | None:
    """What was promised beside what was kept, and kept over c; the larger a dot the more papers. None if unmeasured."""
    bins = [row for row in rows if row.dataset.startswith("calibration, ")]
    if not bins:
        return None
    figure, axes = _axes((5.2, 4.8))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--", label="as promised")
    for method, colour in zip(_methods(bins), _COLOURS, strict=False):
        promised = [row.value for row in bins if row.method == method and row.metric == PROMISED]
        for metric, line in ((KEPT, ":"), (WORTH, "-")):
            told = [row for row in bins if row.method == method and row.metric == metric]
            axes.plot(promised, [row.value for row in told], color=colour, linestyle=line, label=f"{method}, {metric}")
            sizes = [8 * len(str(row.n)) ** 1.5 for row in told]
            axes.scatter(promised, [row.value for row in told], s=sizes, color=colour)
    axes.set(xlabel="probability promised", ylabel="share", xlim=(0, 1), ylim=(0, None))
    return _saved(figure, axes, folder / "rank-calibration.png")


def _methods(rows: Iterable[RankRow]) -> list[str]:
    return list(dict.fromkeys(row.method for row in rows))


def _likes(row: RankRow) -> int:
    return int(row.dataset.removeprefix(f"{DATASET}, ").removesuffix(" likes"))


def _axes(size: tuple[float, float]) -> tuple[Any, Any]:
    import matplotlib as mpl  # type: ignore[import-not-found]  # not installed where types are checked

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=size, layout="constrained")
    return figure, axes


def _saved(figure: Any, axes: Any, path: Path) -> Path:
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    return path
