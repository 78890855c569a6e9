"""What happens in jobs, in plain words."""

WORDS = {
    "jobs.job.asked": "Long task asked for",
    "jobs.job.cancelled": "Long task stopped",
    "jobs.job.failed": "Long task did not finish",
    "jobs.job.retried": "Long task tried again",
    "jobs.outage.ended": "The portal in order again",
    "jobs.outage.logged": "The portal out of order",
}

THINGS = {"jobs.job": "Long task", "jobs.outage": "Outage"}
