"""What runs by itself, how often (seconds), and what a demonstration loads. A part of the settings: it depends on
nothing that is configured."""

CELERY_BEAT_SCHEDULE = {
    "monitoring-alarms": {"task": "monitoring.tasks.sound_alarms", "schedule": 10, "options": {"expires": 10}},
    "outbox-alarms": {"task": "outbox.tasks.sweep_alarms", "schedule": 10, "options": {"expires": 10}},
    "outbox-mail": {"task": "outbox.tasks.sweep_mail", "schedule": 10, "options": {"expires": 10}},
    "jobs": {"task": "jobs.tasks.sweep", "schedule": 10, "options": {"expires": 10}},
    "outbox-blank": {"task": "outbox.tasks.blank", "schedule": 3600, "options": {"expires": 3600}},
    "audit-seal": {"task": "audit.tasks.seal", "schedule": 60, "options": {"expires": 60}},
    "accounts-tidy": {"task": "accounts.tasks.tidy", "schedule": 900, "options": {"expires": 900}},
    "contracts-settle": {"task": "contracts.tasks.settle_agreements", "schedule": 300, "options": {"expires": 300}},
    "files-scan": {"task": "files.tasks.scan", "schedule": 10, "options": {"expires": 10}},
    "files-pages": {"task": "files.tasks.draw_pages", "schedule": 10, "options": {"expires": 10}},
    "files-sweep": {"task": "files.tasks.sweep_store", "schedule": 3600, "options": {"expires": 3600}},
    "lots-commence": {"task": "lots.tasks.commence_places", "schedule": 300, "options": {"expires": 300}},
    "providers-free-places": {
        "task": "providers.tasks.remind_of_free_places",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "providers-sites": {"task": "providers.tasks.place_sites", "schedule": 3600, "options": {"expires": 3600}},
    "providers-expiry": {"task": "providers.tasks.tell_of_expiry", "schedule": 3600, "options": {"expires": 3600}},
    "providers-withdrawals": {
        "task": "providers.tasks.tell_of_withdrawals",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "evaluation-pages": {"task": "evaluation.tasks.want_pages", "schedule": 60, "options": {"expires": 60}},
    "evaluation-questions": {
        "task": "evaluation.tasks.tell_of_questions",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "referrals-sharing": {"task": "referrals.tasks.tell_of_sharing", "schedule": 3600, "options": {"expires": 3600}},
    "referrals-assurance": {
        "task": "referrals.tasks.remind_of_assurance",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "referrals-keep-up": {
        "task": "referrals.tasks.keep_up_placements",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "referrals-providers": {"task": "referrals.tasks.watch_providers", "schedule": 60, "options": {"expires": 60}},
    "referrals-decisions": {
        "task": "referrals.tasks.remind_of_decisions",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "referrals-reviews": {
        "task": "referrals.tasks.remind_of_reviews",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "referrals-threshold": {
        "task": "referrals.tasks.judge_threshold",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "referrals-purge": {"task": "referrals.tasks.purge", "schedule": 3600, "options": {"expires": 3600}},
    "referrals-lapse": {"task": "referrals.tasks.lapse_enquiries", "schedule": 60, "options": {"expires": 60}},
    "referrals-remind": {"task": "referrals.tasks.remind_of_enquiries", "schedule": 300, "options": {"expires": 300}},
    "monitoring-days": {"task": "monitoring.tasks.run_days", "schedule": 60, "options": {"expires": 60}},
    "monitoring-reminders": {
        "task": "monitoring.tasks.remind_of_reports",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "monitoring-concerns": {
        "task": "monitoring.tasks.escalate_concerns",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "monitoring-remove": {"task": "monitoring.tasks.remove_detail", "schedule": 3600, "options": {"expires": 3600}},
    "monitoring-purge": {"task": "monitoring.tasks.purge_registers", "schedule": 3600, "options": {"expires": 3600}},
    "monitoring-effects": {
        "task": "monitoring.tasks.watch_documents",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "monitoring-visits": {
        "task": "monitoring.tasks.remind_of_visits",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "jobs-watch": {"task": "jobs.tasks.watch", "schedule": 60, "options": {"expires": 60}},
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
