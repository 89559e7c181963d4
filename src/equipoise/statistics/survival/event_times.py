"""The event times of two groups as a table: all that the log-rank test and Cox's model of them need to know."""

import numpy as np

from equipoise.statistics.numerics.ordering import Ordered
from equipoise.statistics.result import Booleans, Floats
from equipoise.statistics.survival.survival_kernels import fill_two_group_table


def two_group_table(data: Ordered, second: Booleans) -> Floats:
    """One row for every event time: at risk, of them in the second group, events, of them in it, and the stratum.

    `second` says of each patient, in the order of the data, whether they are in the second group.
    """
    # numpy asks for large pages where kernels do not, and new small ones cost more than the table itself.
    table = np.empty((np.count_nonzero(data.event), 5))
    return table[fill_two_group_table(data.time, data.event, second, data.stratum, table) :]
