"""Configuration: parameters with their facts, the schema, and how overrides become a checked config."""
