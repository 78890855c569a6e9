"""What runs by itself, how often (seconds), and what a demonstration loads. A part of the settings: it depends on
nothing that is configured."""

_EVERY = {
    10: [
        "monitoring.tasks.sound_alarms",
        "outbox.tasks.sweep_alarms",
        "outbox.tasks.sweep_mail",
        "jobs.tasks.sweep",
        "files.tasks.scan",
        "files.tasks.draw_pages",
    ],
    60: [
        "audit.tasks.seal",
        "evaluation.tasks.want_pages",
        "referrals.tasks.watch_providers",
        "referrals.tasks.lapse_enquiries",
        "monitoring.tasks.run_days",
        "monitoring.tasks.remind_of_reports",
        "jobs.tasks.watch",
    ],
    300: [
        "contracts.tasks.settle_agreements",
        "lots.tasks.commence_places",
        "providers.tasks.tell_of_withdrawals",
        "evaluation.tasks.tell_of_questions",
        "referrals.tasks.remind_of_enquiries",
        "monitoring.tasks.escalate_concerns",
    ],
    900: [
        "accounts.tasks.tidy",
    ],
    3600: [
        "outbox.tasks.blank",
        "files.tasks.sweep_store",
        "providers.tasks.remind_of_free_places",
        "providers.tasks.place_sites",
        "providers.tasks.tell_of_expiry",
        "referrals.tasks.tell_of_sharing",
        "referrals.tasks.remind_of_assurance",
        "referrals.tasks.keep_up_placements",
        "referrals.tasks.remind_of_decisions",
        "referrals.tasks.remind_of_reviews",
        "referrals.tasks.judge_threshold",
        "referrals.tasks.purge",
        "monitoring.tasks.remove_detail",
        "monitoring.tasks.purge_registers",
        "monitoring.tasks.watch_documents",
        "monitoring.tasks.remind_of_visits",
    ],
}
# What beat starts, and how often, in seconds. A message that nobody took by the time of the next one is dropped: that
# one asks for the same.
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for seconds, tasks in _EVERY.items()
    for task in tasks
}

# What goes the way of the alarms, past all mail. Alarms are raised of sessions that are written down: writing them down
# waits for no letter either.
ALARMS = ["outbox.tasks.sweep_alarms", "monitoring.tasks.sound_alarms", "monitoring.tasks.run_days"]

# What `manage.py tick` runs in one pass, alarms first, without any broker and harmless beside beat.
TICK = [
    "monitoring.tasks.sound_alarms",
    "monitoring.tasks.run_days",
    "monitoring.tasks.escalate_concerns",
    "outbox.tasks.sweep_alarms",
    "jobs.tasks.watch",
    "monitoring.tasks.remind_of_reports",
    "outbox.tasks.sweep_mail",
    "referrals.tasks.watch_providers",
    "audit.tasks.seal",
    "accounts.tasks.tidy",
    "lots.tasks.commence_places",
    "contracts.tasks.settle_agreements",
    "files.tasks.scan",
    "providers.tasks.tell_of_expiry",
    "providers.tasks.tell_of_withdrawals",
    "providers.tasks.remind_of_free_places",
    "providers.tasks.place_sites",
    "evaluation.tasks.tell_of_questions",
    "referrals.tasks.lapse_enquiries",
    "referrals.tasks.remind_of_enquiries",
    "evaluation.tasks.want_pages",
    "referrals.tasks.tell_of_sharing",
    "referrals.tasks.remind_of_assurance",
    "referrals.tasks.keep_up_placements",
    "referrals.tasks.remind_of_decisions",
    "referrals.tasks.remind_of_reviews",
    "referrals.tasks.judge_threshold",
    "monitoring.tasks.watch_documents",
    "monitoring.tasks.remind_of_visits",
    "referrals.tasks.purge",
    "monitoring.tasks.purge_registers",
    "monitoring.tasks.remove_detail",
    "outbox.tasks.blank",
    "files.tasks.sweep_store",
    "files.tasks.draw_pages",
    "jobs.tasks.start_where_no_worker_does",
]

# What `manage.py rewrap_seal_keys` seals anew besides the keys of frameworks: one function for each app that seals.
RESEAL = ["referrals.running.reseal_all", "monitoring.running.reseal_all"]

# What `manage.py demo` loads, in this order: one function for each app that has something to show.
DEMO_WORLDS = [
    "accounts.demo.load",
    "notices.demo.load",
    "providers.demo.load",
    "evaluation.demo.load",
    "referrals.demo.load",
    "monitoring.demo.load",
]
