"""Outcomes as pure functions of what was recorded."""
