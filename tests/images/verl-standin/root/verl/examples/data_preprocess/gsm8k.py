"""Turns raw GSM8K (question, answer) into verl's training files, as verl's script of this name does."""
import sys

from standin.prepare import main

sys.exit(main())
