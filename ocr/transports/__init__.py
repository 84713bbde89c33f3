"""Ways to a model server: each carries a `ChatRequest` there and its answer back, and says what went wrong."""
