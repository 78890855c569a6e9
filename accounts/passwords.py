"""What a password must be: long, not common, not the person's own name or address. Nothing else."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)


class Length(MinimumLengthValidator):
    """12 characters or more."""

    def __init__(self):
        super().__init__(min_length=12)

    def get_error_message(self):
        return f"Password must be {self.min_length} characters or more"


class Common(CommonPasswordValidator):
    """Not on the list of passwords that are tried first."""

    def get_error_message(self):
        return "Choose a password that fewer people use: this one is on lists of common passwords"


class NotYourself(UserAttributeSimilarityValidator):
    """Not close to the person's name or email address."""

    def __init__(self):
        super().__init__(user_attributes=("email", "name"))

    def get_error_message(self):
        return "Choose a password that is less like your name or email address"
