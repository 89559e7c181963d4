import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS / "unit" / "analysis"))  # the trials made by hand
sys.path.insert(0, str(TESTS / "property" / "statistics"))  # the slow designs
