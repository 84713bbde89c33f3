"""Invented readers who do not want a part of what they are interested in, by field."""
