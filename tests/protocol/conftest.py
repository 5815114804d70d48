"""What holds for every test of the wire."""

import warnings

from hypothesis import settings

# The same examples in every run, on machines of any speed.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

with warnings.catch_warnings():
    # The wyoming package takes audioop where Python still has it, and some Pythons complain.
    warnings.simplefilter("ignore", DeprecationWarning)
    import wyoming.audio  # noqa: F401
