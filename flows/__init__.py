"""How autoreader is run: the `autoreader` command, the Prefect flows, and the wiring of the parts."""
