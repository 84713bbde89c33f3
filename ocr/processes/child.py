"""A process of ours that is asked and answers through pipes, as its parent sees it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ocr.processes.frames import HEAD_BYTES, Reply, pack_frame, payload_length
from pipeline.errors import ReadError

_START_S = 60.0
_STEP = 1 << 20
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGKILL)  # libraries give up without a word; the system kills


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and what it is called in messages; `largest_answer` in bytes: more is an attack on our memory.

    `is_death_permanent`: whether what it was asked is to blame where it dies, and would kill the next one too.
    """

    name: str
    module: str
    arguments: Sequence[str]
    memory_mb: int
    largest_answer: int
    is_death_permanent: bool
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A started program; `served` counts what it was given. Not thread-safe, but for `kill`.

    Raises ReadError where it cannot start.
    """

    def __init__(self, program: Program) -> None:
        self.served = 0
        self._program = program
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = _start(program, self._stderr)
        try:
            self._await_ready()
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def ask(self, kind: bytes, payload: bytes, timeout_s: float, too_slow: str) -> bytes:
        """What it answers. Raises ReadError: the reason it names, `too_slow`, or how it ended (as `is_alive` tells)."""
        deadline = time.monotonic() + timeout_s
        try:
            self._send(pack_frame(kind, payload))
            reply, answer = self._answer(deadline)
        except TimeoutError:
            self.close()
            raise ReadError(too_slow) from None
        except (EOFError, OSError):
            raise ReadError(self._cause_of_death(), permanent=self._program.is_death_permanent) from None
        if reply == Reply.ERROR:
            raise ReadError(answer.decode("utf-8", "replace"))
        return answer

    def kill(self) -> None:
        """Ends it without waiting; safe from another thread, whose `ask` then raises."""
        self._process.kill()

    def close(self) -> None:
        """Ends it and collects it; harmless when it has ended."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._collect()
        self._stderr.close()

    def _cause_of_death(self) -> str:
        """Ends it, and says in words how it ended."""
        name, code = self._program.name, self._collect()
        if code >= 0:
            return f"the {name} ended with exit code {code}"
        cause = signal.Signals(-code).name
        if -code in _OUT_OF_MEMORY:
            return f"crashed the {name} ({cause}), probably out of memory: it may use {self._program.memory_mb} MB"
        return f"crashed the {name} ({cause})"

    def _await_ready(self) -> None:
        try:
            self._answer(time.monotonic() + _START_S)
        except (TimeoutError, EOFError, OSError):
            self._collect()
            self._stderr.seek(0)
            said = self._stderr.read()[-500:].decode("utf-8", "replace").strip().rpartition("\n")[2]  # of a traceback
            raise ReadError(f"the {self._program.name} cannot start: {said or 'no answer'}", permanent=False) from None

    def _send(self, question: bytes) -> None:
        if self._process.stdin is None:
            raise EOFError
        rest = memoryview(question)
        while rest:  # an unbuffered pipe may take less than it is given
            rest = rest[self._process.stdin.write(rest) :]

    def _answer(self, deadline: float) -> tuple[bytes, bytes]:
        head = self._receive(HEAD_BYTES, deadline)
        length = payload_length(head)
        if length > self._program.largest_answer:
            raise EOFError
        return head[:1], self._receive(length, deadline)

    def _receive(self, count: int, deadline: float) -> bytes:
        """Exactly so many bytes. Raises TimeoutError at the deadline, EOFError where the process ended."""
        if self._process.stdout is None:
            raise EOFError
        handle = self._process.stdout.fileno()
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        received = bytearray()
        while len(received) < count:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not poller.poll(1000 * left_s):
                raise TimeoutError
            if not (piece := os.read(handle, min(count - len(received), _STEP))):
                raise EOFError
            received += piece
        return bytes(received)

    def _collect(self) -> int:
        """Ends the process, waits for it and tells its exit code; kill changes nothing for one that is dying."""
        self.kill()
        return self._process.wait()


def _start(program: Program, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """A fresh process in a session of its own (Ctrl-C is the parent's affair), without the parent's secrets.

    Not PR_SET_PDEATHSIG: that fires when the *thread* that started the child ends (man 2 prctl), and threads do here.
    """
    root = str(Path(__file__).resolve().parents[2])
    # Two arenas: glibc otherwise reserves 64 MB of address space a thread, which the limit counts.
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", program.module, *program.arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        bufsize=0,  # nothing left in a buffer when the process is gone
        env=environment | dict(program.environment),
        start_new_session=True,
    )
