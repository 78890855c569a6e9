"""Small notices for tests, written by hand: a framework with two lots that bidders choose and one that comes with them,
and notices of other things. And how a file is brought in."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jobs import running
from lots.models import Framework
from notices import store
from notices.actions import files, releases
from notices.models import NoticeFile, Release
from notices.queries import releases as releases_queries
from notices.rules.answers import Answer, asked

OCID = "ocds-h6vhtk-0d0d0d"
CONTACT = {"name": "Canarina Yellowfinch", "email": "canarina.yellowfinch@canary-address.example"}
PERIOD = {"startDate": "2026-09-01T00:00:00+01:00", "endDate": "2034-08-31T23:59:59+01:00"}


def lot(number: str, title: str, pounds: int, **more) -> dict[str, Any]:
    """A lot worth so many pounds, without VAT."""
    return {
        "id": number,
        "title": title,
        "description": f"{title} for pupils.",
        "status": "active",
        "value": {"amount": pounds, "amountGross": pounds * 12 // 10, "currency": "GBP"},
        "contractPeriod": PERIOD,
        **more,
    }


def framework(*, ocid: str = OCID, id: str = "000001-2026", title: str = "Alternative provision", **tender) -> dict:
    """A tender notice (UK4) of an open framework, Larkshire's."""
    return {
        "ocid": ocid,
        "id": id,
        "date": "2026-03-18T08:28:08Z",
        "tag": ["tender"],
        "buyer": {"id": "GB-PPON-AAAA-1111-AAAA", "name": "Larkshire Council"},
        "parties": [
            {
                "id": "GB-PPON-AAAA-1111-AAAA",
                "name": "Larkshire Council",
                "roles": ["buyer"],
                "identifier": {"scheme": "GB-PPON", "id": "AAAA-1111-AAAA"},
                "contactPoint": CONTACT,
            }
        ],
        "tender": {
            "id": "LK-1",
            "title": title,
            "description": "Education for children who cannot be in school.",
            "status": "active",
            "legalBasis": {"id": "2023/54", "scheme": "UKPGA"},
            "aboveThreshold": True,
            "specialRegime": ["lightTouch"],
            "value": {"amount": 500000, "amountGross": 600000, "currency": "GBP"},
            "techniques": {
                "hasFrameworkAgreement": True,
                "frameworkAgreement": {
                    "isOpenFrameworkScheme": True,
                    "method": "withoutReopeningCompetition",
                    "type": "open",
                    "openFrameworkSchemeEndDate": "2034-08-31T23:59:59+01:00",
                },
            },
            "lots": [lot("1", "Vocational", 300000), lot("2", "Therapeutic", 200000)],
            "tenderPeriod": {"endDate": "2026-04-20T12:00:00+01:00"},
            "enquiryPeriod": {"endDate": "2026-04-14T12:00:00+01:00"},
            "awardPeriod": {"endDate": "2026-07-10T23:59:59+01:00"},
            "lotDetails": {
                "awardCriteriaDetails": "Lot 1 - Vocational - Secondary, 16+ "
                "Lot 2 - Therapeutic - Primary, Secondary, 16+"
            },
            "documents": [
                {"id": id, "documentType": "tenderNotice", "noticeType": "UK4", "datePublished": "2026-03-18T08:28:08Z"}
            ],
            **tender,
        },
    }


def award(*, ocid: str = "ocds-h6vhtk-0e0e0e", id: str = "000002-2026", title: str = "Minibuses") -> dict:
    """A notice of an award: no framework."""
    return {
        "ocid": ocid,
        "id": id,
        "date": "2026-05-01T09:00:00Z",
        "tag": ["award", "contract"],
        "buyer": {"id": "GB-PPON-BBBB-2222-BBBB", "name": "Mereshire Council"},
        "tender": {"id": "MB-1", "title": title, "legalBasis": {"id": "2023/54", "scheme": "UKPGA"}},
        "awards": [{"id": "1", "status": "active", "documents": [{"id": id, "noticeType": "UK6"}]}],
    }


def package(*releases: dict) -> dict:
    """A release package around them."""
    return {
        "uri": "https://notices.example/package",
        "version": "1.1",
        "publishedDate": "2026-06-01T00:00:00Z",
        "releases": list(releases),
    }


def body(whole, **how) -> bytes:
    """The JSON of it."""
    return json.dumps(whole, **{"indent": 1} | how).encode()


def upload(whole, name: str = "notice.json") -> SimpleUploadedFile:
    """A file as a browser sends it: bytes, or JSON of what is not bytes."""
    return SimpleUploadedFile(name, whole if isinstance(whole, bytes) else body(whole), "application/json")


def received(world, whole, *, by=None, organisation=None, name: str = "notice.json") -> NoticeFile:
    """A file that Max brought in and that nobody has read yet."""
    file, _ = files.receive_file(
        organisation=organisation or world.larkshire,
        kept=store.keep(upload(whole, name)),
        by=by or world.max,
        at=timezone.now(),
    )
    return file


def brought_in(world, whole, **how) -> NoticeFile:
    """A file that Max brought in and that a worker has read, or refused."""
    file = received(world, whole, **how)
    running.sweep()
    file.refresh_from_db()
    return file


def answers_to(release: Release, **chosen: str) -> dict[str, Answer]:
    """Every choice as it stands pre-selected (or as `chosen` says), every reason given."""
    told = releases_queries.told_by(release, today=timezone.localdate())
    return {
        finding.code: Answer(chosen.get(finding.code, finding.chosen), f"Because of {finding.code}")
        for finding in asked(told.findings)
    }


def confirmed(world, release: Release, **chosen: str) -> Framework:
    """The framework that Max made of a release."""
    return releases.confirm_release(
        release=release, answers=answers_to(release, **chosen), parts={}, by=world.max, at=timezone.now()
    )
