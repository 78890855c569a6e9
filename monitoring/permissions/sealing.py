"""The part of the portal that seals anew."""

RESEAL = "monitoring.reseal"
