"""The meetings in which differences were settled."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from evaluation.models.judging import Settled


class Meeting(models.Model):
    """When the outcome of one standard was agreed in moderation, and who took part. The outcome with its reason, and
    who wrote it down, is what was settled; this is kept beside it because bidders read that reason, and no names."""

    settled = models.OneToOneField(Settled, on_delete=models.PROTECT, related_name="meeting")
    met_on = models.DateField()
    took_part = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    def __str__(self):
        return f"Meeting about {self.settled_id}"
