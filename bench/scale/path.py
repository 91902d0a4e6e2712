"""Lets the scripts of this folder import the kit that they share with the others."""

import sys
from pathlib import Path

BENCH = Path(__file__).parents[1]
sys.path += [str(BENCH), str(BENCH / "faults")]
