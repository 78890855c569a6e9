"""The ways out: Django's email backends, GOV.UK Notify for email and texts, and what their errors mean.

Errors are turned into an outcome and a sentence for operators. The sentence never quotes the other side: a mail
server's refusal repeats the address it refuses.
"""

from __future__ import annotations

import contextlib
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from outbox import rules
from outbox.rules import Outcome

NOTIFY_FAILED = {"permanent-failure", "temporary-failure", "technical-failure", "validation-failed"}


class NotSetUp(Exception):
    """The portal has no way to send this kind of message."""


@dataclass(frozen=True)
class Verdict:
    """What came of a try, and how to say so on a page (no personal data)."""

    outcome: Outcome
    why: str = ""


class EmailWay:
    """Letters through the email backend of the settings, over one connection for as long as it holds."""

    def __init__(self):
        self.connection = get_connection()
        self.domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"

    def open(self) -> None:
        self.connection.open()

    def close(self) -> None:
        # It may be broken already: that may be why it is being closed.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.connection.close()

    def send(self, message, body: str) -> None:
        letter = EmailMessage(
            subject=message.subject,
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.to],
            headers={
                "Message-ID": rules.message_id(message.key, self.domain),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
            connection=self.connection,
        )
        letter.portal_key, letter.portal_attempts = message.key, message.attempts
        self.connection.send_messages([letter])


class TextWay:
    """Texts through GOV.UK Notify."""

    def open(self) -> None:
        if not (settings.NOTIFY_API_KEY and settings.NOTIFY_TEXT_TEMPLATE):
            raise NotSetUp
        self.notify = Notify()

    def close(self) -> None:
        pass

    def send(self, message, body: str) -> None:
        self.notify.text(to=message.to, body=body, reference=message.key, attempts=message.attempts)


class Notify:
    """GOV.UK Notify with `reference` as the unique key. After a try whose end nobody knows, Notify is asked first
    whether it has the message, so that nobody gets it twice."""

    def __init__(self):
        options = {"base_url": settings.NOTIFY_BASE_URL} if settings.NOTIFY_BASE_URL else {}
        self.client = NotificationsAPIClient(settings.NOTIFY_API_KEY, timeout=settings.EMAIL_TIMEOUT, **options)

    def _has(self, reference: str, kind: str) -> bool:
        found = self.client.get_all_notifications(template_type=kind, reference=reference)["notifications"]
        return any(one["status"] not in NOTIFY_FAILED for one in found)

    def email(self, *, to, subject, body, reference, attempts) -> None:
        if attempts > 1 and self._has(reference, "email"):
            return
        self.client.send_email_notification(
            email_address=to,
            template_id=settings.NOTIFY_EMAIL_TEMPLATE,
            personalisation={"subject": subject, "body": body},
            reference=reference,
        )

    def text(self, *, to, body, reference, attempts) -> None:
        if attempts > 1 and self._has(reference, "sms"):
            return
        self.client.send_sms_notification(
            phone_number=to,
            template_id=settings.NOTIFY_TEXT_TEMPLATE,
            personalisation={"body": body},
            reference=reference,
        )


class NotifyEmail(BaseEmailBackend):
    """A Django email backend over GOV.UK Notify: its template holds `((subject))` and `((body))`."""

    def send_messages(self, email_messages) -> int:
        notify = Notify()
        for letter in email_messages:
            for to in letter.recipients():
                notify.email(
                    to=to,
                    subject=letter.subject,
                    body=letter.body,
                    reference=getattr(letter, "portal_key", None),
                    attempts=getattr(letter, "portal_attempts", 1),
                )
        return len(email_messages)


WAYS = {"email": EmailWay, "text": TextWay}


def opening_failed(error: Exception) -> Verdict:
    """The way out could not even be opened: an outage, whatever the error was."""
    if isinstance(error, NotSetUp):
        return Verdict(Outcome.OUTAGE, "No way to send texts is set up (NOTIFY_API_KEY, NOTIFY_TEXT_TEMPLATE)")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Verdict(Outcome.OUTAGE, f"The mail server refused our password ({error.smtp_code})")
    return Verdict(Outcome.OUTAGE, f"The mail server could not be reached ({type(error).__name__})")


def judge(error: Exception) -> Verdict:
    """What an error while sending one message means."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=550)
        return Verdict(rules.smtp_outcome(code), f"The mail server refused the address ({code})")
    if isinstance(error, smtplib.SMTPSenderRefused):
        ours = 500 <= error.smtp_code < 600
        return Verdict(
            rules.smtp_outcome(error.smtp_code, about_sender=ours),
            f"The mail server refused us as the sender ({error.smtp_code})",
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return Verdict(rules.smtp_outcome(error.smtp_code), f"The mail server refused the letter ({error.smtp_code})")
    if isinstance(error, APIError):
        why = f"GOV.UK Notify answered {error.status_code}"
        return Verdict(rules.notify_outcome(error.status_code), why)
    if isinstance(error, OSError | smtplib.SMTPException):
        return Verdict(Outcome.LATER, f"The connection broke before the letter was taken ({type(error).__name__})")
    return Verdict(Outcome.LATER, f"The letter could not be made or sent ({type(error).__name__})")
