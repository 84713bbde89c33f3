"""torch and faiss each bring an OpenMP of their own; used in turns, from threads, in one process, neither may crash."""

from __future__ import annotations

import subprocess
import sys

import pytest

_BOTH = """
import threading
import numpy as np

def use_torch():
    import torch
    a = torch.ones(256, 256)
    assert float((a @ a)[0, 0]) == 256.0

def use_faiss():
    from index.dense import DenseIndex
    index = DenseIndex.empty(64)
    index.add(np.eye(64, dtype=np.float32))
    assert index.search(np.eye(64, dtype=np.float32)[7], 1)[0].tolist() == [7]

for _ in range(3):
    {first}()
    {second}()
threads = [threading.Thread(target=use) for use in (use_torch, use_faiss) * 4]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("both ran")
"""


@pytest.mark.slow
@pytest.mark.parametrize("first, second", [("use_torch", "use_faiss"), ("use_faiss", "use_torch")])
def test_torch_and_faiss_share_a_process_in_either_order(first: str, second: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BOTH.format(first=first, second=second)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "both ran"), done.stderr
