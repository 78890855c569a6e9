"""Notices of the Procurement Act 2023 by the codes that Find a Tender gives them (Procurement Regulations 2024)."""

from __future__ import annotations

NAMES = {
    "UK1": "Pipeline notice",
    "UK2": "Preliminary market engagement notice",
    "UK3": "Planned procurement notice",
    "UK4": "Tender notice",
    "UK5": "Transparency notice",
    "UK6": "Contract award notice",
    "UK7": "Contract details notice",
    "UK8": "Contract payment notice",
    "UK9": "Contract performance notice",
    "UK10": "Contract change notice",
    "UK11": "Contract termination notice",
    "UK12": "Procurement termination notice",
    "UK13": "Dynamic market intention notice",
    "UK14": "Dynamic market establishment notice",
    "UK15": "Dynamic market modification notice",
    "UK16": "Dynamic market cessation notice",
    "UK17": "Payments compliance notice",
}


def in_words(code: str) -> str:
    """`UK4` → `Tender notice (UK4)`; a code that is none of the Act's stays as it is; nothing stays nothing."""
    return f"{NAMES[code]} ({code})" if code in NAMES else code
