"""Converts a Hugging Face model folder to Megatron's distributed checkpoint, as verl's script of this name does."""
import sys

from standin.convert import main

sys.exit(main())
