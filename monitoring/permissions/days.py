"""Who writes down the sessions of a day and what is to be reported: the portal alone."""

from __future__ import annotations

RUN = "monitoring.run_daily"
