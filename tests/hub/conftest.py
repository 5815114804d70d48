"""The wyoming package, imported once for all tests of the hub that talk to services."""

import warnings

with warnings.catch_warnings():
    # It takes audioop where Python still has it, and some Pythons complain.
    warnings.simplefilter("ignore", DeprecationWarning)
    import wyoming.audio  # noqa: F401
