"""What may come in, what it is called, and how often a scan is tried."""

from files.rules.dbs import looks_like_dbs
from files.rules.refusals import Refused

__all__ = ["Refused", "looks_like_dbs"]
