"""GOV.UK Notify, played by a small server on this machine: what is sent to it, and what its answers mean."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from outbox import delivery
from outbox.models import Message
from outbox.states import Queue, State

pytestmark = pytest.mark.django_db
KEY = "larkshire-00000000-0000-0000-0000-aaaaaaaaaaaa-00000000-0000-0000-0000-bbbbbbbbbbbb"


class Notify(ThreadingHTTPServer):
    """Remembers what it took. `answers` are statuses for the next posts; `dies_after_taking` breaks the line then."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken, self.answers, self.dies_after_taking = [], [], 0


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answers and (status := self.server.answers.pop(0)) >= 400:
            return self.answer(status, {"errors": [{"error": "Bad", "message": "alice@alice.example is wrong"}]})
        self.server.taken.append((self.path.rpartition("/")[2], letter))
        if self.server.dies_after_taking:
            self.server.dies_after_taking -= 1
            return self.connection.close()
        return self.answer(201, {"id": "1"})

    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        found = [
            {"status": "delivered"}
            for kind, letter in self.server.taken
            if asked == {"template_type": [kind], "reference": [letter["reference"]]}
        ]
        self.answer(200, {"notifications": found, "links": {}})


@pytest.fixture
def notify(settings):
    server = Notify()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.NOTIFY_API_KEY = KEY
    settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    settings.NOTIFY_EMAIL_TEMPLATE, settings.NOTIFY_TEXT_TEMPLATE = "mail-template", "text-template"
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "outbox.backends.NotifyEmail", 2
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def make_due():
    Message.objects.exclude(try_at=None).update(try_at=timezone.now())


def test_a_letter_and_a_text_go_with_their_key_as_reference(write, notify):
    write("letter", body="Open the link")
    write("text", channel="text", to="01632 960001", body="Open the portal")

    assert delivery.sweep(Queue.MAIL) == {"sent": 2}

    assert notify.taken == [
        (
            "email",
            {
                "email_address": "alice@alice.example",
                "template_id": "mail-template",
                "personalisation": {"subject": "A letter", "body": "Open the link"},
                "reference": "letter",
            },
        ),
        (
            "sms",
            {
                "phone_number": "01632 960001",
                "template_id": "text-template",
                "personalisation": {"body": "Open the portal"},
                "reference": "text",
            },
        ),
    ]


@pytest.mark.parametrize(
    ("status", "done", "state", "attempts"),
    [
        (400, {"given_up": 1}, State.DEAD, 1),
        (403, {"again": 1}, State.DUE, 1),
        (429, {"again": 1}, State.DUE, 1),
        (500, {"again": 1}, State.DUE, 1),
        (503, {"again": 1}, State.DUE, 1),
    ],
)
def test_what_notify_answers_decides_whether_it_is_asked_again(write, notify, status, done, state, attempts):
    message = write()
    notify.answers = [status]

    assert delivery.sweep(Queue.MAIL) == done

    message.refresh_from_db()
    assert (message.state, message.attempts) == (state, attempts)
    assert message.last_error == f"GOV.UK Notify answered {status}"


def test_when_notify_is_down_it_is_asked_once_and_the_other_letters_wait_untried(write, notify):
    first, second = write("1"), write("2")
    notify.answers = [503, 201]

    assert delivery.sweep(Queue.MAIL) == {"again": 2}

    assert [Message.objects.get(pk=one.pk).attempts for one in (first, second)] == [1, 0]
    make_due()
    assert delivery.sweep(Queue.MAIL) == {"sent": 2}


@pytest.mark.parametrize("channel", ["email", "text"])
def test_when_notify_takes_the_message_and_dies_it_is_asked_first_and_not_told_twice(write, notify, channel):
    write(channel=channel)
    notify.dies_after_taking = 1

    assert delivery.sweep(Queue.MAIL) == {"again": 1}
    make_due()
    assert delivery.sweep(Queue.MAIL) == {"sent": 1}

    assert len(notify.taken) == 1


def test_what_notify_could_not_deliver_is_sent_again_when_an_operator_says_so(write, notify, monkeypatch):
    """Its list then says so: only what is under way or delivered counts as "it has it"."""
    write()
    Message.objects.update(attempts=1)
    monkeypatch.setattr(
        "outbox.backends.NotificationsAPIClient.get_all_notifications",
        lambda *a, **k: {"notifications": [{"status": "permanent-failure"}]},
    )

    assert delivery.sweep(Queue.MAIL) == {"sent": 1}
    assert len(notify.taken) == 1


def test_a_letter_of_somebody_else_over_this_backend_needs_no_key(notify):
    from django.core.mail import EmailMessage

    EmailMessage("A subject", "A body", to=["alice@alice.example"]).send()

    assert [letter.get("reference") for _, letter in notify.taken] == [None]
