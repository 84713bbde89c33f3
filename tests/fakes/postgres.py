"""A PostgreSQL server for tests: the one named by TEST_POSTGRES_URL, or Debian's, started in a folder of ours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


def is_at_hand() -> bool:
    """Whether `running_postgres` can give one."""
    return bool(os.environ.get("TEST_POSTGRES_URL")) or bool(_BINARIES)


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The URL of an empty database; the server ends with the body."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    binaries = _BINARIES[-1].parent
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(f"{binaries}/initdb -D {folder}/data -U postgres -A trust --no-sync")
    _run(f"{binaries}/pg_ctl -D {folder}/data -o '{options}' -l {folder}/log -w start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(f"{binaries}/pg_ctl -D {folder}/data -m immediate -w stop")


def empty(url: str) -> None:
    """Forgets everything in the database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _run(command: str) -> None:
    words = ["su", "postgres", "-c", command] if os.getuid() == 0 else ["sh", "-c", command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
