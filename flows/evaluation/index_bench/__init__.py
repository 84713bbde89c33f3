"""How fast, how small and how exact the search index is at a million chunks and more, beside other vector stores.

Nobody has a million chunks at hand, so they are drawn: vectors as mixtures of real neighbouring embeddings, texts as
mixtures of real abstracts' sentences. From then on everything is the product's own: shards, builder, search.
"""
