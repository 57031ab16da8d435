"""Rough calibration: targets and their bands, a check against them, history matching of what is left."""
