"""The hub."""

import audio as audio  # nothing is told to the makers of libraries: see there
