"""What the tests of the satellite share."""

import warnings

with warnings.catch_warnings():
    # The wyoming package takes audioop where Python still has it, and some Pythons complain.
    warnings.simplefilter("ignore", DeprecationWarning)
    import wyoming.audio  # noqa: F401
