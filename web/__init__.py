"""The search page and what hangs on it: papers, days, unsubscribing, health, and search as JSON."""

from web.app import create_app
from web.site import Site

__all__ = ["Site", "create_app"]
