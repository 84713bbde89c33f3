"""PDFs are read and drawn in processes of their own, so that a hostile file costs one paper and nothing else.

`program` is what runs there; it alone opens a PDF that came from outside.
"""
