"""Figures and tables: where they lie, from what is drawn around their captions, and which caption is whose.

`floats` looks at a page's drawings, `captions` at blocks alone, whoever read them.
"""
