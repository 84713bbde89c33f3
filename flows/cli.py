"""The `autoreader` command. Exit codes: 0 done, 1 failed, 2 bad usage, 3 nothing to do."""

from __future__ import annotations

import logging
import sys

import stamina.instrumentation
import typer
from stamina.instrumentation import RetryDetails

from flows.commands import (
    archive,
    day,
    decisions,
    demo,
    embed,
    feedback,
    index,
    library,
    measure,
    people,
    personal,
    profile,
    reading,
    related,
    replay,
    service,
    train,
)
from flows.console import ExitCode, say
from pipeline.errors import AutoreaderError, ConfigError, UsageError

logger = logging.getLogger(__name__)

app = typer.Typer(
    name="autoreader",
    help="A self-hosted reader of arXiv: every new paper read in full, ranked for you, mailed with its evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    demo,
    day,
    archive,
    embed,
    index,
    reading,
    related,
    profile,
    feedback,
    library,
    people,
    replay,
    decisions,
    personal,
    service,
    train,
    measure,
):
    module.register(app)


@app.callback()
def _options(
    verbose: bool = typer.Option(default=False, help="Log what happens, on stderr."),  # a flag by name
) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    stamina.instrumentation.set_on_retry_hooks([_tell_of_retry])
    for noisy in ("httpx", "httpcore", "sentence_transformers", "alembic", "prefect"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))


def _tell_of_retry(details: RetryDetails) -> None:
    logger.warning("trying again in %.0f s: %s", details.wait_for, details.caused_by)


def main() -> None:
    """Runs the command line; every error made on purpose becomes one line on stderr."""
    try:
        app()
    except (ConfigError, UsageError) as error:
        say(f"autoreader: {error}")
        raise SystemExit(ExitCode.USAGE) from None
    except AutoreaderError as error:
        say(f"autoreader: {error}")
        raise SystemExit(ExitCode.FAILED) from None
    except Exception as error:
        logger.info("unexpected error", exc_info=True)
        say(f"autoreader: unexpected {type(error).__name__}: {error}; --verbose shows where. Please report it.")
        raise SystemExit(ExitCode.FAILED) from None
    except KeyboardInterrupt:
        say("autoreader: stopped; run the same command again to go on from here")
        raise SystemExit(ExitCode.FAILED) from None
