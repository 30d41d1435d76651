"""A stand-in for verl: keeps what an operator sees of it, trains a table of a hundred numbers."""
from standin.settings import version_text

__version__ = version_text()
