"""Lets ``importlib.metadata`` find the distribution of the verl version that is played; run at every start of Python."""
import os
import sys

_version = os.environ.get("STANDIN_VERL_VERSION", "").strip().lstrip("v") or "0.7.1"
_folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "distributions", "0.10.0.dev0" if _version.startswith(("main", "0.10")) else _version)
if os.path.isdir(_folder) and _folder not in sys.path:
    sys.path.append(_folder)
