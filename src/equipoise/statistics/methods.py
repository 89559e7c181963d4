"""The name of every method of the room as a report prints it beside its number, and the paper it comes from."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Method:
    """A method in words, in both languages, and where it was described."""

    en: str
    zh: str
    source: str

    def words(self, language: str = "en") -> str:
        """The method as a reader's words, in "en" or "zh"."""
        return {"en": self.en, "zh": self.zh}[language]


_KM = "Kaplan & Meier 1958; Greenwood 1926"
_BC = "Brookmeyer & Crowley 1982"
_COX_EFRON = "Cox 1972; Efron 1977"
_COX_BRESLOW = "Cox 1972; Breslow 1974"
_MN = "Miettinen & Nurminen 1985"

METHODS: Final[dict[str, Method]] = {
    "kaplan_meier/log-log": Method("Kaplan–Meier, log-log limits", "Kaplan-Meier 法，log-log 变换置信限", _KM),
    "kaplan_meier/log": Method("Kaplan–Meier, log limits", "Kaplan-Meier 法，对数变换置信限", _KM),
    "kaplan_meier/plain": Method("Kaplan–Meier, plain limits", "Kaplan-Meier 法，未变换置信限", _KM),
    "km_quantile/log-log": Method(
        "Kaplan–Meier quantile, Brookmeyer–Crowley, log-log", "生存时间分位数，Brookmeyer-Crowley 法（log-log）", _BC
    ),
    "km_quantile/log": Method(
        "Kaplan–Meier quantile, Brookmeyer–Crowley, log", "生存时间分位数，Brookmeyer-Crowley 法（对数）", _BC
    ),
    "km_quantile/plain": Method(
        "Kaplan–Meier quantile, Brookmeyer–Crowley, plain", "生存时间分位数，Brookmeyer-Crowley 法（未变换）", _BC
    ),
    "rmst": Method("restricted mean survival time", "限制平均生存时间", "Irwin 1949; Klein & Moeschberger 2003"),
    "rmst/difference": Method("difference in restricted means", "限制平均生存时间之差", "Royston & Parmar 2013"),
    "rmst/ratio": Method("ratio of restricted means", "限制平均生存时间之比", "Uno et al. 2014"),
    "logrank": Method("log-rank test", "log-rank 检验", "Mantel 1966; Peto & Peto 1972"),
    "logrank_stratified": Method("stratified log-rank test", "分层 log-rank 检验", "Mantel 1966; Peto & Peto 1972"),
    "fleming_harrington": Method(
        "weighted log-rank test (G-rho)", "加权 log-rank 检验（G-rho 族）", "Harrington & Fleming 1982"
    ),
    "fleming_harrington_stratified": Method(
        "stratified weighted log-rank test (G-rho)", "分层加权 log-rank 检验（G-rho 族）", "Harrington & Fleming 1982"
    ),
    "cox/efron": Method("Cox regression, Efron ties", "Cox 回归，Efron 法处理结点", _COX_EFRON),
    "cox/breslow": Method("Cox regression, Breslow ties", "Cox 回归，Breslow 法处理结点", _COX_BRESLOW),
    "cox_stratified/efron": Method(
        "stratified Cox regression, Efron ties", "分层 Cox 回归，Efron 法处理结点", _COX_EFRON
    ),
    "cox_stratified/breslow": Method(
        "stratified Cox regression, Breslow ties", "分层 Cox 回归，Breslow 法处理结点", _COX_BRESLOW
    ),
    "cox/wald": Method("Cox regression, Wald test", "Cox 回归，Wald 检验", "Cox 1972"),
    "cox/score": Method("Cox regression, score test", "Cox 回归，计分检验", "Cox 1972"),
    "cox/likelihood_ratio": Method("Cox regression, likelihood ratio test", "Cox 回归，似然比检验", "Cox 1972"),
    "proportion/wilson": Method("Wilson score interval", "Wilson 计分法区间", "Wilson 1927"),
    "proportion/wilson_cc": Method(
        "Wilson score interval with continuity correction", "Wilson 计分法区间（连续性校正）", "Newcombe 1998"
    ),
    "proportion/clopper_pearson": Method(
        "Clopper–Pearson exact interval", "Clopper-Pearson 精确区间", "Clopper & Pearson 1934"
    ),
    "proportion/jeffreys": Method("Jeffreys interval", "Jeffreys 区间", "Brown, Cai & DasGupta 2001"),
    "proportion/agresti_coull": Method("Agresti–Coull interval", "Agresti-Coull 区间", "Agresti & Coull 1998"),
    "proportion/wald": Method("Wald interval", "Wald 区间", "Laplace 1812"),
    "rd/wald": Method("risk difference, Wald interval", "率差，Wald 区间", "Fleiss, Levin & Paik 2003"),
    "rd/newcombe": Method(
        "risk difference, Newcombe hybrid score", "率差，Newcombe 混合计分法", "Newcombe 1998, method 10"
    ),
    "rd/newcombe_cc": Method(
        "risk difference, Newcombe hybrid score with continuity correction",
        "率差，Newcombe 混合计分法（连续性校正）",
        "Newcombe 1998, method 11",
    ),
    "rd/miettinen_nurminen": Method("risk difference, Miettinen–Nurminen", "率差，Miettinen-Nurminen 法", _MN),
    "rd/miettinen_nurminen_stratified": Method(
        "stratified risk difference, Miettinen–Nurminen", "分层率差，Miettinen-Nurminen 法", _MN
    ),
    "rd/mee": Method("risk difference, Mee score", "率差，Mee 计分法", "Mee 1984"),
    "rd/mee_stratified": Method("stratified risk difference, Mee score", "分层率差，Mee 计分法", "Mee 1984"),
    "rr/miettinen_nurminen": Method("risk ratio, Miettinen–Nurminen", "相对危险度，Miettinen-Nurminen 法", _MN),
    "rr/miettinen_nurminen_stratified": Method(
        "stratified risk ratio, Miettinen–Nurminen", "分层相对危险度，Miettinen-Nurminen 法", _MN
    ),
    "rr/koopman": Method("risk ratio, Koopman score", "相对危险度，Koopman 计分法", "Koopman 1984"),
    "rr/koopman_stratified": Method(
        "stratified risk ratio, Koopman score", "分层相对危险度，Koopman 计分法", "Koopman 1984"
    ),
    "rr/katz_log": Method("risk ratio, log interval", "相对危险度，对数法区间", "Katz et al. 1978"),
    "or/woolf": Method("odds ratio, Woolf logit interval", "优势比，Woolf 法区间", "Woolf 1955"),
    "or/miettinen_nurminen": Method("odds ratio, Miettinen–Nurminen", "优势比，Miettinen-Nurminen 法", _MN),
    "or/cornfield": Method("odds ratio, score interval", "优势比，计分法区间", "Cornfield 1956"),
    "chi_square": Method("Pearson chi-square test", "Pearson χ² 检验", "Pearson 1900"),
    "chi_square/yates": Method("chi-square test with Yates correction", "χ² 检验（Yates 连续性校正）", "Yates 1934"),
    "fisher": Method("Fisher exact test, two-sided", "Fisher 精确检验（双侧）", "Fisher 1935"),
    "cmh": Method("Cochran–Mantel–Haenszel test", "Cochran-Mantel-Haenszel 检验", "Mantel & Haenszel 1959"),
    "cmh/continuity": Method(
        "Cochran–Mantel–Haenszel test with continuity correction",
        "Cochran-Mantel-Haenszel 检验（连续性校正）",
        "Mantel & Haenszel 1959",
    ),
    "mh/odds_ratio": Method(
        "Mantel–Haenszel odds ratio", "Mantel-Haenszel 合并优势比", "Robins, Breslow & Greenland 1986"
    ),
    "mh/risk_ratio": Method("Mantel–Haenszel risk ratio", "Mantel-Haenszel 合并相对危险度", "Greenland & Robins 1985"),
    "mh/risk_difference": Method(
        "Mantel–Haenszel risk difference, Sato variance",
        "Mantel-Haenszel 合并率差（Sato 方差）",
        "Sato, Greenland & Robins 1989",
    ),
    "ancova": Method("analysis of covariance", "协方差分析", "Fisher 1932"),
    "ancova/adjusted_mean": Method(
        "adjusted (least-squares) mean", "校正均值（最小二乘均值）", "Searle, Speed & Milliken 1980"
    ),
    "ancova/difference": Method("difference of adjusted means", "校正均值之差", "Searle, Speed & Milliken 1980"),
    "t/welch": Method("Welch t test", "Welch t 检验", "Welch 1947"),
    "t/pooled": Method("Student t test, pooled variance", "两独立样本 t 检验（合并方差）", "Student 1908"),
    "describe/type_2": Method(
        "quartiles by definition 2 (SAS default)", "四分位数，定义 2（SAS 默认）", "Hyndman & Fan 1996"
    ),
    "describe/type_6": Method("quartiles by definition 6", "四分位数，定义 6", "Hyndman & Fan 1996"),
    "describe/type_7": Method(
        "quartiles by definition 7 (R default)", "四分位数，定义 7（R 默认）", "Hyndman & Fan 1996"
    ),
    "rate/garwood": Method("exact Poisson interval (Garwood)", "Poisson 率精确区间（Garwood 法）", "Garwood 1936"),
}
