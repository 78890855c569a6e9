"""A scanner for the tests of files."""

import pytest

from tests.files import clamd as fake


@pytest.fixture
def clamd(settings):
    """ClamAV as the settings name it, found to answer."""
    with fake.running() as server:
        settings.CLAMD_URL = server.url
        yield server


@pytest.fixture(autouse=True)
def store_of_its_own(settings, tmp_path):
    """Each test of files has an empty store."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "store"},
        }
    }
