"""Loaded by pytest before anything else (`-p tests.environment`): these are tests, whatever the shell says.

Every run has a folder of its own, removed at its end, so that two runs never meet.
"""

import atexit
import os
import shutil
import tempfile

os.environ["MODE"] = "test"
os.environ["DATABASE_POOL"] = "0"
os.environ["PGOPTIONS"] = "-c synchronous_commit=off"  # what a test commits need not outlive a power cut
os.environ.pop("DEBUG", None)
if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="portal-tests-")
    os.environ["VAR_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
# Playwright's own event loop runs in the test's thread; Django must still be allowed to query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Workers side by side must not empty each other's cache: each has a folder and a Redis database of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker:
    os.environ["VAR_DIR"] = os.path.join(os.environ["VAR_DIR"], _worker)
if _worker and os.environ.get("REDIS_URL"):
    _server, _, _number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{_server}/{int(_number) + int(_worker.removeprefix('gw'))}"
