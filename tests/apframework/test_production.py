"""What production needs, what it refuses, and that compose, Dockerfile and Procfile agree with it."""

from __future__ import annotations

import io
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler
from django.core.management import call_command
from django.db import connection

from apframework import beat, heartbeat, preflight
from audit.models import Event

ROOT = Path(settings.BASE_DIR)
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
NEEDED = {
    "MODE": "production",
    "SECRET_KEY": "not-a-secret-" + "x1Y2z3" * 10,
    "SEAL_KEYS": KEY,
    "FINGERPRINT_KEY": KEY,
    "ALLOWED_HOSTS": "portal.larkshire.example",
    "BASE_URL": "https://portal.larkshire.example",
    "DATABASE_URL": "postgres://portal@localhost:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CLAMD_URL": "tcp://clamav:3310",
    "COUNCIL_NAME": "Larkshire Council",
    "COUNCIL_CONTACT_EMAIL": "portal@larkshire.example",
    "FROM_EMAIL": "Portal <portal@larkshire.example>",
}


@pytest.fixture
def settings_with(tmp_path, monkeypatch):
    """`settings_with({...})` runs the settings file, in a folder without a `.env`, under exactly this environment."""
    copy = tmp_path / "apframework" / "settings.py"
    copy.parent.mkdir()
    shutil.copy(ROOT / "apframework" / "settings.py", copy)

    def run(environment: dict) -> dict:
        for name in [*os.environ]:
            if name not in {"PATH", "HOME"}:
                monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(copy))

    return run


def test_production_starts_with_what_is_needed(settings_with):
    made = settings_with(NEEDED)

    assert (made["PRODUCTION"], made["DEMO"], made["DEBUG"]) == (True, False, False)
    assert made["DATABASES"]["default"]["OPTIONS"] == {
        "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
        "connect_timeout": 5,
    }
    assert made["SECOND_STEP_DEMANDED"] is True
    assert made["CELERY_BROKER_URL"] == NEEDED["REDIS_URL"]


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SECRET_KEY", "without SECRET_KEY"),
        ("SEAL_KEYS", "without SEAL_KEYS"),
        ("FINGERPRINT_KEY", "without FINGERPRINT_KEY"),
        ("ALLOWED_HOSTS", "without ALLOWED_HOSTS"),
        ("BASE_URL", "without BASE_URL"),
        ("DATABASE_URL", "without DATABASE_URL"),
        ("REDIS_URL", "without REDIS_URL"),
        ("COUNCIL_NAME", "without COUNCIL_NAME"),
        ("COUNCIL_CONTACT_EMAIL", "without COUNCIL_NAME and COUNCIL_CONTACT_EMAIL"),
    ],
)
def test_production_does_not_start_without(settings_with, name, says, value):
    environment = NEEDED | {name: value}
    if value is None:
        del environment[name]

    with pytest.raises(ImproperlyConfigured, match=says):
        settings_with(environment)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"MODE": "Production"}, "MODE must be production, demo or test"),
        ({"BASE_URL": "http://portal.larkshire.example"}, "https://"),
        ({"DATABASE_URL": "sqlite:////tmp/portal.sqlite3"}, "without DATABASE_URL, a PostgreSQL"),
        ({"SEAL_KEYS": "short"}, "32 bytes in base64"),
        ({"SEAL_KEYS": f"{KEY},"}, "32 bytes in base64"),
        ({"FINGERPRINT_KEY": "MDEy"}, "32 bytes in base64"),
    ],
)
def test_production_does_not_start_with(settings_with, change, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        settings_with(NEEDED | change)


def test_a_machine_on_which_nothing_is_configured_does_not_start(settings_with):
    with pytest.raises(ImproperlyConfigured, match="Production does not start"):
        settings_with({})


def test_the_demo_starts_with_nothing(settings_with, tmp_path):
    made = settings_with({"MODE": "demo"})

    assert made["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "portal.sqlite3")
    assert made["CELERY_BROKER_URL"].startswith("filesystem://")
    assert made["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


def manage(*arguments, **environment) -> subprocess.CompletedProcess:
    """A command of its own process, as production would run it."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "VAR_DIR"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | NEEDED | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_djangos_deployment_check_has_nothing_to_say():
    checked = manage("check", "--deploy", "--fail-level", "WARNING")

    assert (checked.returncode, checked.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_preflight_says_that_the_database_cannot_be_used_and_never_its_address():
    refused = manage("preflight", DATABASE_POOL="0")

    assert refused.returncode == 1
    assert refused.stderr == "Production does not start.\n- The database cannot be used (OperationalError)\n"


@pytest.mark.django_db
class TestPreflight:
    """On a database that is there."""

    def test_says_nothing_outside_production(self, world):
        call_command("preflight")

    def test_refuses_demo_people(self, world, settings):
        settings.PRODUCTION = True

        with pytest.raises(SystemExit) as refused:
            preflight.stop_if_unfit()

        assert "The database holds demo data" in refused.value.code

    def test_refuses_a_database_whose_record_began_with_a_demo(self):
        assert preflight.holds_demo_data() is False

        Event.objects.create(at="2026-01-01T00:00Z", action="accounts.demo.loaded", by_label="system:accounts.demo")

        assert preflight.holds_demo_data() is True

    def test_refuses_warnings_of_the_deployment_check(self, settings):
        settings.PRODUCTION, settings.SECURE_HSTS_SECONDS = True, 0

        assert [reason.partition(":")[0] for reason in preflight.reasons() if "W004" in reason] == ["security.W004"]

    def test_refuses_a_database_that_is_not_migrated(self, monkeypatch):
        monkeypatch.setattr("apframework.preflight.MigrationExecutor.migration_plan", lambda *a: ["one"])

        assert preflight.reasons() == ["The database is not migrated: run `manage.py migrate` first"]

    def test_lets_a_fit_portal_start(self, settings, monkeypatch):
        settings.PRODUCTION = True
        monkeypatch.setattr(preflight, "run_checks", lambda **kwargs: [])
        monkeypatch.setattr(preflight.connections, "close_all", lambda: None)

        assert preflight.stop_if_unfit() is None


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({}, []),
        ({"DEFAULT_FROM_EMAIL": "Portal <no-reply@localhost>"}, ["outbox.W002"]),
        ({"NOTIFY_API_KEY": "x", "NOTIFY_EMAIL_TEMPLATE": ""}, ["outbox.W001"]),
        ({"NOTIFY_API_KEY": "x", "NOTIFY_EMAIL_TEMPLATE": "y", "DEFAULT_FROM_EMAIL": "no-reply@localhost"}, []),
    ],
)
def test_letters_need_a_way_out(settings, change, ids):
    settings.DEFAULT_FROM_EMAIL = "portal@larkshire.example"
    for name, value in change.items():
        setattr(settings, name, value)

    assert [message.id for message in preflight.letters_have_a_way_out(None)] == ids


def test_workers_and_beat_ask_the_same_question_before_they_start(monkeypatch):
    asked = []
    monkeypatch.setattr(preflight, "stop_if_unfit", lambda: asked.append(1))

    for signal in (worker_init, beat_init):
        signal.send(sender=None)

    assert asked == [1, 1]


# --- Signs of life --------------------------------------------------------------------------------------------------


def test_a_heartbeat_is_a_fresh_file_and_a_full_disk_stops_nobody(settings, tmp_path):
    heartbeat.beat()
    settings.HEARTBEAT_FILE = str(tmp_path / "there" / "beat")
    heartbeat.beat(sender="celery")
    assert time.time() - Path(settings.HEARTBEAT_FILE).stat().st_mtime < 10

    settings.HEARTBEAT_FILE = "/dev/null/not/a/folder"
    heartbeat.beat()


def test_beat_leaves_a_heartbeat_every_round(settings, tmp_path, monkeypatch):
    settings.HEARTBEAT_FILE = str(tmp_path / "beat")
    monkeypatch.setattr("celery.beat.PersistentScheduler.tick", lambda self: 5)

    assert beat.Scheduler.tick(object.__new__(beat.Scheduler)) == 5
    assert Path(settings.HEARTBEAT_FILE).exists()


def healthcheck(**environment) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "scripts/healthcheck.py"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip()


def test_a_container_is_well_while_its_heartbeat_is_fresh(tmp_path):
    file = tmp_path / "beat"
    assert healthcheck(HEARTBEAT_FILE=str(file)) == (1, "no heartbeat yet")
    file.touch()
    assert healthcheck(HEARTBEAT_FILE=str(file)) == (0, "well")
    os.utime(file, (time.time() - 100, time.time() - 100))
    assert healthcheck(HEARTBEAT_FILE=str(file)) == (1, "the last heartbeat is 100 seconds old")
    assert healthcheck(HEARTBEAT_FILE=str(file), HEARTBEAT_SECONDS="180") == (0, "well")


@pytest.mark.parametrize(
    ("hosts", "answer"),
    [
        ("portal.example", (0, "well")),
        (".portal.example, other.example", (0, "well")),
        ("*", (1, "the web server answers 400")),
        ("else.example", (1, "the web server answers 400")),
    ],
)
def test_the_web_server_is_asked_under_a_name_that_it_answers_to(hosts, answer):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_GET(self):
            self.send_response(200 if self.headers["Host"] == "portal.example" else 400)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        assert healthcheck(PORT=str(server.server_port), ALLOWED_HOSTS=hosts) == answer
        server.shutdown()
    assert healthcheck(PORT="1") == (1, "the web server does not answer (URLError)")


# --- Files in a bucket ----------------------------------------------------------------------------------------------


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as keeping a file needs."""

    kept: dict[str, bytes] = {}

    def log_message(self, *args):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 08:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key/")
        assert self.headers["x-amz-acl"] == "private"
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.answer(200, self.kept[path]) if path in self.kept else self.answer(404)

    do_HEAD = do_GET

    def do_DELETE(self):
        self.kept.pop(self.path)
        self.answer(204)


def test_files_go_to_a_bucket_and_come_back(settings_with):
    Bucket.kept.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        made = settings_with(
            NEEDED
            | {
                "S3_BUCKET": "portal-files",
                "S3_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
                "S3_REGION": "eu-west-2",
                "S3_ACCESS_KEY": "key",
                "S3_SECRET_KEY": "s3cret",
            }
        )
        storage = StorageHandler(made["STORAGES"])["default"]

        name = storage.save("evidence/policy.pdf", ContentFile(b"%PDF-1.7"))
        again = storage.save("evidence/policy.pdf", ContentFile(b"another"))

        assert Bucket.kept["/portal-files/evidence/policy.pdf"] == b"%PDF-1.7"
        assert again != name
        with storage.open(name) as file:
            assert file.read() == b"%PDF-1.7"
        assert "X-Amz-Signature=" in storage.url(name)
        storage.delete(name)
        assert [*Bucket.kept.values()] == [b"another"]
        storage.connection.meta.client.close()
        server.shutdown()


# --- What describes production agrees with it -----------------------------------------------------------------------

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "ap-portal"}
KNOWN_TO_SETTINGS = set(
    re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z0-9_]+)"', (ROOT / "apframework" / "settings.py").read_text())
)


def test_compose_has_every_part():
    assert set(SERVICES) == {
        "web", "worker-alarms", "worker-mail", "worker-jobs", "beat", "tick", "migrate", "postgres", "redis", "clamav"
    }  # fmt: skip


def test_every_part_that_stays_has_a_health_check():
    staying = {name: service for name, service in SERVICES.items() if name != "migrate"}

    assert all(service["healthcheck"]["test"][0] == "CMD" for service in staying.values())
    assert all(service["restart"] == "unless-stopped" for service in staying.values())
    assert SERVICES["migrate"]["healthcheck"] == {"disable": True}


def test_each_queue_has_a_worker_of_its_own():
    queues = {}
    for name, service in OURS.items():
        if "worker" in service["command"]:
            queues[name] = service["command"][service["command"].index("-Q") + 1]

    assert queues == {"worker-alarms": "alarms", "worker-mail": "mail", "worker-jobs": "jobs"}
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert set(queues.values()) == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_compose_sets_only_what_the_settings_read():
    others = {"HEARTBEAT_SECONDS"}  # scripts/healthcheck.py
    for service in OURS.values():
        assert set(service["environment"]) <= KNOWN_TO_SETTINGS | others
        assert service["environment"]["MODE"] == "production"


def test_what_forks_after_its_start_keeps_no_pool():
    without = {name for name, service in OURS.items() if service["environment"].get("DATABASE_POOL") == "0"}

    assert without == set(OURS) - {"web"}


def test_nothing_starts_before_the_database_is_migrated():
    for name in set(OURS) - {"migrate"}:
        assert OURS[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_command_of_compose_and_procfile_exists():
    lines = [service["command"] for service in OURS.values()]
    lines += [shlex.split(line.partition(": ")[2]) for line in (ROOT / "Procfile").read_text().splitlines()]
    folder = Path(sys.executable).parent
    for line in lines:
        assert line[0] == "python" or (folder / line[0]).exists()
        if line[:2] == ["python", "manage.py"]:
            from django.core.management import get_commands

            assert line[2] in get_commands()
        if "apframework.wsgi" in line:
            assert (ROOT / "apframework" / "wsgi.py").exists()


def test_the_image_runs_as_nobody_in_particular_and_installs_only_what_is_locked():
    text = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"^USER (\w+)", text, re.M) == ["portal"]
    assert "pip install --no-cache-dir --require-hashes -r requirements.lock" in text
    assert "npm ci" in text
    copied = re.findall(r"^COPY (?!--from)(.+)", text, re.M)
    for line in copied:
        assert all((ROOT / name).exists() for name in line.split()[:-1])
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "*.env", "var", ".git"} <= set(ignored)


@pytest.mark.django_db
def test_sqlite_or_postgresql_is_what_this_run_says():
    assert connection.vendor == ("sqlite" if settings.SQLITE else "postgresql")


def test_gunicorn_reads_its_file_and_logs_no_address():
    checked = subprocess.run(
        [str(Path(sys.executable).parent / "gunicorn"), "--print-config", "apframework.wsgi"],
        cwd=ROOT,
        env=os.environ | {"MODE": "demo", "PORT": "8123"},
        capture_output=True,
        text=True,
        check=False,
    )
    config = dict(re.findall(r"^(\w+)\s+= (.*)$", checked.stdout, re.M))

    assert (config["accesslog"], config["bind"], config["preload_app"]) == ("None", "['127.0.0.1:8123']", "True")
    assert io.StringIO(checked.stderr).getvalue().count("Traceback") == 0
