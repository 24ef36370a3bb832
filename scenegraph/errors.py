"""The one exception for input that cannot be used.

Readers, validators and commands raise it with a message that says what was expected, what came and
what to do. The command line prints the message and exits with code 2; a traceback therefore always
means a defect of ours.
"""


class InputError(ValueError):
    """A file, a value or an option given by the user cannot be used; the message says why."""
