"""How good and how fast it is beside what else there is: `autoreader eval` and `autoreader bench`."""
