"""People, and what was kept for them when their session ran out."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class UserQuerySet(models.QuerySet):
    def locked(self, pk) -> User:
        """The row as it is now, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def visible_to(self, user) -> UserQuerySet:
        """People as accounts: operators alone see them; anybody else meets people through their organisation."""
        return self if user.is_authenticated and user.is_active and user.is_operator else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes people; the email address is the name that they sign in with, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person. Deactivated and pseudonymised, never deleted: the record still says who did what.

    An operator runs the deployment: the list of schools, look-alike organisations, letters that could not be sent.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True)
    deactivated_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at__isnull=True) | Q(is_active=False),
                name="accounts_active_people_are_not_deactivated",
            ),
        ]

    def __str__(self):
        return self.name or self.email


class HeldAnswers(models.Model):
    """What somebody typed into a form after their session had run out, encrypted, kept for one hour for them alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    answers_sealed = models.BinaryField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self):
        return f"Held answers {self.pk}"
