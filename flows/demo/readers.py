"""Who reads the sample day: three invented people with little in common, and the categories they live on."""

from __future__ import annotations

from datetime import datetime

from pipeline.subscriber import Interest, Profile, Subscriber

DEMO_CATEGORIES = (
    "cs.IR",
    "cs.CL",
    "cs.DL",
    "cs.LG",
    "cs.CV",
    "cs.RO",
    "eess.IV",
    "stat.ML",
    "math.OC",
    "math.PR",
    "astro-ph.EP",
    "astro-ph.CO",
)


def demo_subscribers(created_at: datetime) -> tuple[Subscriber, ...]:
    """The demo's subscribers, not stored yet, with interests in the words that people use."""
    return tuple(
        Subscriber(email, created_at, Profile(tuple(Interest(text) for text in interests), negatives))
        for email, interests, negatives in _READERS
    )


_READERS = (
    (
        "librarian@example.org",
        (
            "searching inside the full text of scientific papers and showing the passage that answers the question",
            "combining keyword search with dense embeddings",
            "turning scanned pages of theses and old newspapers into clean text",
        ),
        ("speech translation", "medical images"),
    ),
    (
        "roboticist@example.org",
        (
            "robots that walk or drive over loose rocky ground outdoors",
            "calibrating cheap arms and cameras without special equipment",
            "teams of robots that map a place while the radio link is poor",
            "gripping soft or fragile things by touch",
        ),
        ("language models that plan in words", "satellite images"),
    ),
    (
        "observer@example.org",
        (
            "finding exoplanets in transit light curves and radial velocities with small telescopes",
            "what infrared spectra tell about the air of hot planets",
            "Gaussian processes that stay accurate on large noisy data sets",
        ),
        ("federated learning", "text retrieval"),
    ),
)
