"""The house itself: what runs by itself exists, what is pinned names no host, what is written names no machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from django.urls import path, reverse
from django.utils.module_loading import import_string

from apframework.celery import app
from core import checks
from core.access import public
from tests.house import code

TRACKED = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard"],
    cwd=code.ROOT,
    capture_output=True,
    text=True,
    check=False,
)
FILES = [code.ROOT / name for name in TRACKED.stdout.splitlines() if (code.ROOT / name).is_file()]


def test_what_beat_starts_are_tasks_that_exist_and_run_out():
    app.loader.import_default_modules()

    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


def test_every_kind_of_long_work_is_there_and_so_is_the_page_of_its_result():
    for kind, entry in settings.JOBS.items():
        assert kind.partition(".")[0] in code.FLOORS
        assert callable(import_string(entry["run"]))
        assert reverse(entry["result"], args=[1])


def test_every_url_has_a_door():
    assert run_checks(tags=["doors"]) == []


def bare(request):
    """A view that somebody forgot to give a door."""


@public("a test")
def with_door(request):
    """A view with one."""


urlpatterns = [
    path("bare/", bare, name="bare"),
    path("door/", with_door, name="door"),
    path("nameless/", with_door),
]


@override_settings(ROOT_URLCONF=__name__, THIRD_PARTY_DOORS="tests.house.test_house.STALE")
def test_a_url_without_a_door_or_a_name_is_refused_and_so_is_a_stale_exception():
    assert [error.id for error in checks.every_url_has_a_door(None)] == [
        "core.E001",
        "core.E002",
        "core.E003",
    ]


STALE = {"gone": ("anyone", "it was here once")}


@pytest.mark.parametrize(
    ("colour", "error"),
    [
        ("#1d4f73", None),
        ("#000000", None),
        ("#ffdd00", "core.E011"),
        ("blue", "core.E010"),
        ("#12345", "core.E010"),
    ],
)
def test_a_council_colour_on_which_white_cannot_be_read_is_refused(colour, error):
    with override_settings(COUNCIL_COLOUR=colour):
        assert [found.id for found in checks.council_colour_can_be_read(None)] == ([error] if error else [])


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_lock_files_carry_hashes_and_no_download_host(name):
    text = (code.ROOT / name).read_text()

    assert re.search(r"--hash=sha256:|\"integrity\": \"sha512-", text)
    assert re.findall(r'--(?:extra-)?index-url|--find-links|"resolved"|registry\.|pythonhosted', text) == []


def test_nothing_names_the_machine_that_it_was_written_on():
    words = re.compile("/wo" + r"rk/|/ro" + r"ot/|/\.lib" + r"rary|far" + r"m-(?:bench|studio)")
    named = {}
    for file in FILES:
        if file.suffix in {
            ".py",
            ".md",
            ".html",
            ".txt",
            ".toml",
            ".yml",
            ".yaml",
            ".sh",
            ".mjs",
            ".js",
            ".scss",
            ".lock",
            ".json",
            "",
        }:
            found = words.findall(file.read_text(errors="replace"))
            if found:
                named[code.name_of(file)] = found
    assert named == {}


MADE_UP_ADDRESS = re.compile(r"(\.example|\.test|\.invalid|@localhost|@example\.(com|org))$", re.I)
MADE_UP_PHONE = re.compile(r"0(1632|808157|7700900)")  # Ofcom keeps these for drama


def real_contacts(text: str) -> list[str]:
    """Email addresses and telephone numbers in a text that could be somebody's."""
    addresses = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
    phones = [phone.replace(" ", "") for phone in re.findall(r"(?<![\d.])0\d{3,4} ?\d{3} ?\d{3,4}(?!\d)", text)]
    return [a for a in addresses if not MADE_UP_ADDRESS.search(a)] + [p for p in phones if not MADE_UP_PHONE.match(p)]


def test_every_address_and_phone_number_in_code_pages_and_demo_is_made_up():
    assert real_contacts("write to jo@" + "council.gov.uk or 01582" + " 123456") == [
        "jo@" + "council.gov.uk",
        "01582" + "123456",
    ]

    real = {
        code.name_of(file): real_contacts(file.read_text(errors="replace"))
        for file in FILES
        if file.suffix in {".py", ".html", ".txt", ".csv", ".md"}
    }

    assert {name: found for name, found in real.items() if found} == {}


def test_every_setting_of_the_environment_stands_in_the_readme_and_no_other():
    text = Path(settings.BASE_DIR, "apframework", "settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z0-9_]+)"', text))
    section = (code.ROOT / "README.md").read_text().split("## Configuration")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z0-9_]+)`", section, flags=re.M)) == read


def test_the_ground_floor_has_no_models_and_no_room_that_was_not_agreed_on():
    """`core` is where things are put that belong nowhere: a new file there is agreed on here first."""
    agreed = {
        "__init__", "access", "addresses", "apps", "calendars", "charts", "checks", "clock", "crypto", "data",
        "exports", "fields", "lists", "logs", "middleware", "money", "panel", "pdf", "rows", "steps", "text",
    }  # fmt: skip

    assert {file.stem for file in (code.ROOT / "core").glob("*.py")} == agreed
