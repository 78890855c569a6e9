"""The same in a bucket, as production keeps files."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer

import pytest
from django.core.files.storage import storages

from files import store
from files.rules import Refused
from tests.apframework.test_production import Bucket
from tests.files import made
from tests.files.received import received
from tests.files.test_download import downloaded


@pytest.fixture
def bucket(settings):
    """A small server that keeps what it is given, as the settings' store."""
    Bucket.kept.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        options = {
            "bucket_name": "portal-files",
            "endpoint_url": f"http://127.0.0.1:{server.server_port}",
            "region_name": "eu-west-2",
            "access_key": "key",
            "secret_key": "s3cret",
            "default_acl": "private",
            "file_overwrite": False,
        }
        backend = "storages.backends.s3.S3Storage"
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": backend, "OPTIONS": options}}
        yield server
        storages["default"].connection.meta.client.close()
        server.shutdown()


def test_a_file_goes_to_the_bucket_and_comes_back(world, bucket):
    content = made.docx("Safeguarding")
    file = received(world, content)

    answer = downloaded(world, file)

    assert [*Bucket.kept.values()] == [content]
    assert b"".join(answer.streaming_content) == content
    answer.close()
    assert store.kept_at(file.stored_as).year == 2026


def test_what_the_bucket_has_lost_is_a_calm_page(world, bucket):
    file = received(world)
    store.remove(file.stored_as)
    assert Bucket.kept == {}

    assert downloaded(world, file).status_code == 503
    assert store.kept_at(file.stored_as) is None


def test_a_bucket_that_is_away_takes_nothing_and_says_so(bucket, monkeypatch):
    monkeypatch.setattr(Bucket, "do_PUT", lambda self: self.answer(403))

    with pytest.raises(Refused, match="could not be kept just now"):
        store.keep(made.upload(made.docx()))
