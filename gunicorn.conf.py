"""gunicorn, in production and in `make run`: `gunicorn apframework.wsgi` reads this file by itself."""

import os
import subprocess
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")

from django.conf import settings

# The demo is for this machine alone: everybody knows its passwords.
_host = os.environ.get("HOST", "0.0.0.0" if settings.PRODUCTION else "127.0.0.1")
bind = [f"{_host}:{os.environ.get('PORT', '8000')}"]
workers = int(os.environ.get("WEB_WORKERS", 2))
threads = settings.WEB_THREADS
worker_class = "gthread"
preload_app = True  # one import for all workers; nothing opens a connection before the fork
timeout = 60
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # a slow disk must not look like a dead worker
control_socket_disable = True
accesslog = None  # an access log holds addresses, and addresses hold secrets; RequestLog writes the route instead
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": settings.LOGGING["formatters"],
    "filters": settings.LOGGING["filters"],
    "handlers": settings.LOGGING["handlers"],
    "root": settings.LOGGING["root"],
    "loggers": {
        "gunicorn.error": settings.LOGGING["loggers"]["portal"],
        "gunicorn.access": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}


def on_starting(server):
    """Production does not start with what it must not serve."""
    # In a process of its own, so that no connection and no pool is inherited by the workers.
    preflight = [sys.executable, "manage.py", "preflight"]
    alone = os.environ | {"DATABASE_POOL": "0"}
    if settings.PRODUCTION and subprocess.run(preflight, env=alone, check=False).returncode:
        sys.exit(1)
