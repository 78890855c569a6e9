"""The one place where what is sealed in this app is opened and closed. A page that calls it says so under its door
(`audit.reads`)."""

from __future__ import annotations

from core import crypto
from referrals.models import Enquiry, Pupil, Referral
from referrals.rules.content import Content
from referrals.rules.need import Need
from referrals.rules.private import Private
from referrals.rules.sealed import packed, unpacked


def private_of(pupil: Pupil) -> Private:
    """What is sealed of a pupil. Raises `SealBroken`."""
    return unpacked(Private, _opened(pupil.private, f"referrals.pupil:{pupil.pk}"))


def sealed_private(pupil: Pupil, private: Private) -> bytes:
    """For `Pupil.private`; the pupil has its id."""
    return crypto.seal(packed(private), purpose=f"referrals.pupil:{pupil.pk}")


def content_of(referral: Referral) -> Content:
    """What is sealed of a referral. Raises `SealBroken`."""
    return unpacked(Content, _opened(referral.content, f"referrals.referral:{referral.pk}"))


def sealed_content(referral: Referral, content: Content) -> bytes:
    """For `Referral.content`; the referral has its id."""
    return crypto.seal(packed(content), purpose=f"referrals.referral:{referral.pk}")


def need_of(enquiry: Enquiry) -> Need:
    """What a provider was asked. Raises `SealBroken`."""
    return unpacked(Need, _opened(enquiry.need, f"referrals.enquiry:{enquiry.pk}"))


def sealed_need(enquiry: Enquiry, need: Need) -> bytes:
    """For `Enquiry.need`; the enquiry has its id."""
    return crypto.seal(packed(need), purpose=f"referrals.enquiry:{enquiry.pk}")


def anew(blob: bytes, purpose: str) -> bytes | None:
    """The same sealed under the newest of `SEAL_KEYS`; None where it stands under that already, or nothing is sealed.
    Raises `SealBroken`."""
    if not blob or crypto.is_newest(blob):
        return None
    return crypto.seal(crypto.unseal(blob, purpose=purpose), purpose=purpose)


text_of, sealed_text = crypto.text_of, crypto.sealed_text


def hash_of(number: str, *, what: str) -> str:
    """The keyed hash by which a UPN or ULN (`what`) is found without being read; empty for none."""
    return crypto.fingerprint(number, purpose=f"referrals.{what}") if number else ""


def _opened(blob: bytes, purpose: str) -> bytes:
    return crypto.unseal(blob, purpose=purpose) if blob else b""
