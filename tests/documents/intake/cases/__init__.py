"""Small files as people send them; what is right of each stands in the tests that read them."""

from pathlib import Path

CASES = Path(__file__).parent
