"""`python -m flows` is the same as `autoreader`."""

from flows.cli import main

main()
