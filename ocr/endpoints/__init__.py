"""A model server somewhere, as all who ask it see it: what is asked, how many at once, how long it may be down.

`chat` is the seam to `ocr.transports`, which carry a request there.
"""
