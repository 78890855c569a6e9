"""Where postcodes are: a local copy of the national list, so that no distance asks anybody outside."""

from __future__ import annotations

from django.db import models


class Postcode(models.Model):
    """A postcode in its usual spelling (`LK1 1AA`) and its place on the national grid, in metres (OSGB36), as Ordnance
    Survey's Code-Point Open has it."""

    code = models.CharField(max_length=8, primary_key=True)
    easting = models.PositiveIntegerField()
    northing = models.PositiveIntegerField()

    def __str__(self):
        return self.code
