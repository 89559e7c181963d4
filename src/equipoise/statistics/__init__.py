"""Statistics of a trial as pure functions of arrays and counts: numpy, scipy's special functions and numba only.

Every function gives a frozen result or `NotEstimable`; see `result.py` for the convention and
docs/reference/statistics for each definition, its source and when not to use it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
