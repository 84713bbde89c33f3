"""The bundled sample day, and a loopback arXiv that serves it: for `autoreader demo` and for tests.

`sample` reads the papers, `typeset` prints them, `readers` says who subscribes, `loopback` speaks arXiv's protocols.
"""
