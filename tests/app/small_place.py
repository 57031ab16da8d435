"""A place that runs in a moment."""

SMALL = ("place.residents=12000", "warmup=8", "weeks=24")
"""Two communities, eleven compounds, nine grids."""
