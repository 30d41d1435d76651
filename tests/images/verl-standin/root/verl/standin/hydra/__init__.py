"""Reads a command line as Hydra 1.3.2 reads it, against verl's measured key tables."""
