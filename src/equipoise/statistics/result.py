"""What an analysis gives back: an estimate with its method and its counts, or the named reason why there is none.

The convention of this room: a function that cannot give anything returns `NotEstimable` instead of its result. A result
of which only a part is undefined has None in those fields and says why in `why`. Nothing crashes on data, and no NaN
leaves the room except inside the arrays of a survival curve, where it marks a limit that is not defined.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Booleans: TypeAlias = npt.NDArray[np.bool_]

REASONS: Final[dict[str, dict[str, str]]] = {
    "no_subjects": {"en": "there are no patients", "zh": "没有受试者"},
    "too_few_subjects": {"en": "there are too few patients", "zh": "受试者人数不足"},
    "one_group": {"en": "there is only one group", "zh": "只有一个组"},
    "more_than_two_groups": {"en": "the test compares two groups only", "zh": "该检验仅适用于两组比较"},
    "empty_arm": {"en": "an arm has no patients", "zh": "某一组没有受试者"},
    "missing_values": {"en": "values are missing", "zh": "存在缺失值"},
    "not_finite": {"en": "a value is infinite", "zh": "存在无穷大的数值"},
    "negative_time": {"en": "a time is negative", "zh": "存在负的时间值"},
    "event_not_binary": {"en": "an event indicator is neither 0 nor 1", "zh": "事件标记不是 0 或 1"},
    "no_events": {"en": "no events were observed", "zh": "未观察到事件"},
    "only_events": {"en": "every patient had the event", "zh": "全部受试者均发生事件"},
    "no_reference_events": {"en": "the reference arm has no events", "zh": "参照组无事件"},
    "zero_cell": {"en": "a cell of the table is zero", "zh": "四格表中有格子为零"},
    "zero_variance": {"en": "the estimated variance is zero", "zh": "估计方差为零"},
    "pooled_incidence_is_one": {
        "en": "the incidence pooled over the groups has reached 1 while several are still at risk",
        "zh": "合并累积发生率已达 1，而多个组仍有受试者处于风险集",
    },
    "never_compared": {"en": "the groups are never at risk together", "zh": "各组没有同时处于风险集的时刻"},
    "no_information": {
        "en": "a covariate does not vary among the patients at risk at any event",
        "zh": "某协变量在各事件时刻的风险集内没有变异",
    },
    "collinear": {"en": "a covariate is a linear combination of the others", "zh": "某协变量与其他协变量完全共线"},
    "monotone_likelihood": {
        "en": "the likelihood has no maximum: a coefficient is infinite",
        "zh": "似然函数单调，系数趋于无穷，无最大似然估计",
    },
    "not_converged": {"en": "the fit did not converge", "zh": "模型未收敛"},
    "no_residual_freedom": {"en": "no residual degrees of freedom are left", "zh": "无剩余自由度"},
    "beyond_follow_up": {"en": "the time is beyond the last follow-up", "zh": "该时间点超出末次随访时间"},
    "empty_interval": {"en": "an interval ends before or when it begins", "zh": "观察区间的终点不晚于起点"},
    "overlapping_intervals": {
        "en": "two intervals of one patient overlap",
        "zh": "同一受试者的观察区间相互重叠",
    },
    "observed_after_terminal": {
        "en": "a patient is under observation after the terminal event",
        "zh": "受试者在终止事件之后仍有观察区间",
    },
    "not_a_count": {"en": "a count is negative or not a whole number", "zh": "计数为负数或非整数"},
    "no_overdispersion": {
        "en": "the counts vary no more than Poisson counts: the dispersion is estimated as zero",
        "zh": "计数变异不超过 Poisson 分布，离散参数估计为零",
    },
    "not_a_cause": {
        "en": "a cause is neither 0 (censored) nor a positive whole number",
        "zh": "事件原因编码既不是 0（删失）也不是正整数",
    },
    "too_few_clusters": {
        "en": "there are no more clusters than coefficients",
        "zh": "聚类（受试者或中心）数不多于回归系数个数",
    },
    "separation": {
        "en": "covariates separate the patients with the event from those without",
        "zh": "协变量将有无事件的受试者完全或部分分离，最大似然估计不存在",
    },
    "too_few_imputations": {"en": "there are fewer than two imputed data sets", "zh": "填补数据集不足两个"},
    "repeated_visit": {"en": "a patient has two values at one visit", "zh": "同一受试者在同一访视有多个测量值"},
    "visit_never_observed": {"en": "a visit has no observations", "zh": "某访视没有任何观测值"},
    "visits_never_together": {
        "en": "two visits were never both observed in one patient",
        "zh": "没有受试者同时具有某两次访视的观测值，其协方差不可估计",
    },
    "singular_covariance": {"en": "the covariance of the visits is singular", "zh": "访视间协方差矩阵奇异"},
    "covariance_not_determined": {
        "en": "the data do not determine the covariance of the visits",
        "zh": "现有数据不足以确定访视间的协方差参数",
    },
    "no_new_information": {
        "en": "too little information was reached since the look before",
        "zh": "自上次期中分析以来新增信息量不足",
    },
    "all_error_spent": {
        "en": "an earlier look has spent the whole error of the first kind",
        "zh": "此前的期中分析已用尽全部 I 类错误",
    },
    "covariate_varies": {
        "en": "the arm or a covariate changes within a patient",
        "zh": "同一受试者的分组或协变量取值前后不一致",
    },
    "patient_indispensable": {
        "en": "without this patient the model cannot be fitted, so there is no jackknife",
        "zh": "去掉该受试者后模型无法拟合，刀切法（jackknife）不可用",
    },
    "patient_fits_alone": {
        "en": "one patient alone decides a coefficient, so the robust variance cannot be had",
        "zh": "某一系数仅由一名受试者决定，无法得到稳健方差",
    },
    "no_person_time": {"en": "there is no person-time", "zh": "没有观察人时"},
}


@dataclass(frozen=True, slots=True)
class NotEstimable:
    """The named outcome of an analysis that its data cannot support: a reason code and what it is about."""

    reason: str  # one of REASONS
    about: tuple[str, ...] = ()  # the covariates, arms or groups concerned

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"{self.reason!r} is not a reason of this room")

    def words(self, language: str = "en") -> str:
        """The reason as a reader's sentence, in "en" or "zh"."""
        text = REASONS[self.reason][language]
        return f"{text} ({', '.join(self.about)})" if self.about else text


@dataclass(frozen=True, slots=True)
class Denominator:
    """Who stands behind a number: the patients of one group, and how many of them had the event where that applies."""

    name: str
    total: int
    events: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An effect with its interval and test, and the counts it rests on.

    A limit may be infinite where the method truly leaves that side open. None means not estimable; `why` says why.
    A method without a test of its own (Newcombe, Clopper–Pearson) has no statistic and no p value.
    """

    method: str  # a key of METHODS
    estimate: float | None
    standard_error: float | None = None  # on the scale of `standard_error_scale`
    standard_error_scale: str = "identity"  # "identity" or "log"
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    statistic: float | None = None
    degrees_of_freedom: float | None = None
    p_value: float | None = None
    denominators: tuple[Denominator, ...] = ()
    why: NotEstimable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """A test without an estimate: the statistic, its degrees of freedom, its two-sided p value and the counts."""

    method: str
    statistic: float | None
    degrees_of_freedom: int | None
    p_value: float
    denominators: tuple[Denominator, ...] = ()


def read_only(array: npt.ArrayLike) -> Floats:
    """A float copy of the array that refuses to be written to, for use in frozen results."""
    return frozen(np.array(array, dtype=np.float64))


def frozen(array: Floats) -> Floats:
    """The array itself, which nobody else holds, refusing to be written to from now on."""
    array.setflags(write=False)
    return array
