"""The catalogue: load, validate and run rules, and make the tables that they read."""
