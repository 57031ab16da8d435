"""Running and comparing worlds."""
