"""The model server beside our own RunPod worker, in the same container: vLLM, started, awaited, watched."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import httpx

from pipeline.errors import OcrUnavailableError

logger = logging.getLogger(__name__)

PORT = 8000
_EVERY_S = 1.0
_HEALTH_S = 5.0

# As surya-ocr 0.22.1 starts vLLM itself (surya/inference/backends/vllm.py), for a GPU with 24 GB.
_OPTIONS = (
    "--max-model-len=18000",
    "--max-num-seqs=32",
    "--max-num-batched-tokens=8192",
    "--dtype=bfloat16",
    "--gpu-memory-utilization=0.85",
    "--enable-prefix-caching",
    '--mm-processor-kwargs={"min_pixels": 3136, "max_pixels": 6291456}',
    '--speculative-config={"method": "mtp", "num_speculative_tokens": 2}',
)


def vllm_command(model: str, served_name: str, more: Sequence[str]) -> list[str]:
    """The command of a server for this container alone; what stands in `more` overrides what stands before."""
    own = ["vllm", "serve", model, "--host=127.0.0.1", f"--port={PORT}", f"--served-model-name={served_name}"]
    return [*own, *_OPTIONS, *more]


class VllmServer:
    """A running server. Use it as one whose end is the container's: whoever finds it dead should exit."""

    def __init__(self, command: Sequence[str]) -> None:
        # Its output goes to ours: RunPod's console shows both. Not PYTHONPATH: vLLM has packages of its own.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(command, stdout=sys.stderr, env=environment)  # noqa: S603 (the image's own command)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def await_health(self, url: str, timeout_s: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Returns once the server answers /health, its model loaded. Raises OcrUnavailableError where it never does."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if not self.is_alive:
                raise OcrUnavailableError(f"the model server ended with code {self._process.returncode}: see its log")
            if _is_healthy(url):
                logger.info("the model server is ready")
                return
            sleep(_EVERY_S)
        raise OcrUnavailableError(f"the model server was not ready within {timeout_s:.0f} s")

    def close(self) -> None:
        """Ends the server and collects it."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _is_healthy(url: str) -> bool:
    try:
        return httpx.get(url, timeout=_HEALTH_S).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
