"""Who may do something to a file: nobody by hand. Who may upload or read one is asked by what it belongs to."""


def nobody(user, *things) -> bool:
    """The portal alone judges files."""
    return False
