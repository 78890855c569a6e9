"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP's second recommendation): strong, and light enough that 300
    people can sign in within the minute before noon on two cores."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
