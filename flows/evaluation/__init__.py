"""How good it is on labelled data, and how fast, beside what else there is: `autoreader eval` and `autoreader bench`."""
