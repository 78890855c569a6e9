"""The key under which a framework's applications are sealed until they are opened, and the file that brings it back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lots.models.frameworks import Framework
from lots.states import RecoveryState


class SealKeyQuerySet(models.QuerySet):
    def all_locked(self) -> list[SealKey]:
        """Every key, held until the transaction ends, in one order whoever asks."""
        return list(self.select_for_update(of=("self",)).order_by("framework_id"))


class SealKey(models.Model):
    """The data key of one framework, wrapped by `SEAL_KEYS`, which no database ever holds. Made with the first half of
    its recovery file, while the framework is set up. `mark` is a hash by which the key is known again (a key of 256
    random bits cannot be found from it)."""

    framework = models.OneToOneField(Framework, on_delete=models.CASCADE, related_name="seal_key")
    wrapped = models.BinaryField()
    mark = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SealKeyQuerySet.as_manager()

    def __str__(self):
        return f"Key of {self.framework_id}"


class Recovery(models.Model):
    """A recovery file on its way: `first` and `second` each type a passphrase, then both type it again to try the file.

    No passphrase stands here, ever. `inner` is the key under the first passphrase, for the one step that needs it;
    `file` is the file until it was tried. Both are sealed by `SEAL_KEYS` besides, and gone once the file was tried:
    from then on only the two people have it. `mark` is the file's (`lots.rules.recovery`). A new one replaces the
    last, whose file is void, because the framework gets a new key with it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="recoveries")
    state = models.CharField(max_length=10, choices=RecoveryState, default=RecoveryState.BEGUN)
    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    inner = models.BinaryField(null=True)
    file = models.BinaryField(null=True)
    mark = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework"], condition=Q(replaced_at__isnull=True), name="lots_one_recovery_stands"
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("first")), name="lots_recovery_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state=RecoveryState.BEGUN) | Q(second__isnull=False, made_at__isnull=False),
                name="lots_recovery_was_made_by_a_second",
            ),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.TRIED)
                | Q(tried_at__isnull=False, inner__isnull=True, file__isnull=True),
                name="lots_recovery_that_was_tried_is_gone_from_here",
            ),
        ]

    def __str__(self):
        return f"Recovery {self.pk} of {self.framework_id}"
