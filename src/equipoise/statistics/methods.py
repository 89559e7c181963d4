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
_COX_EXACT = "Cox 1972; Kalbfleisch & Prentice 2002"
_AJ = "Aalen & Johansen 1978; Gaynor et al. 1993"
_MAX_COMBO = "Karrison 2016; Roychoudhury et al. 2021"
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
    "km_risk/difference": Method(
        "difference of Kaplan–Meier risks", "Kaplan-Meier 累积风险之差", "Klein & Moeschberger 2003"
    ),
    "km_risk/ratio": Method("ratio of Kaplan–Meier risks", "Kaplan-Meier 累积风险之比", "Klein & Moeschberger 2003"),
    "cochran_q": Method(
        "test of heterogeneity of effects (Cochran's Q)", "效应异质性检验（Cochran Q）", "Cochran 1954"
    ),
    "rmst": Method("restricted mean survival time", "限制平均生存时间", "Irwin 1949; Klein & Moeschberger 2003"),
    "rmst/difference": Method("difference in restricted means", "限制平均生存时间之差", "Royston & Parmar 2013"),
    "rmst/ratio": Method("ratio of restricted means", "限制平均生存时间之比", "Uno et al. 2014"),
    "logrank": Method("log-rank test", "log-rank 检验", "Mantel 1966; Peto & Peto 1972"),
    "logrank_stratified": Method("stratified log-rank test", "分层 log-rank 检验", "Mantel 1966; Peto & Peto 1972"),
    "fleming_harrington": Method(
        "weighted log-rank test (Fleming–Harrington)",
        "加权 log-rank 检验（Fleming-Harrington 族）",
        "Fleming & Harrington 1991",
    ),
    "fleming_harrington_stratified": Method(
        "stratified weighted log-rank test (Fleming–Harrington)",
        "分层加权 log-rank 检验（Fleming-Harrington 族）",
        "Fleming & Harrington 1991",
    ),
    "cox/efron": Method("Cox regression, Efron ties", "Cox 回归，Efron 法处理结点", _COX_EFRON),
    "cox/breslow": Method("Cox regression, Breslow ties", "Cox 回归，Breslow 法处理结点", _COX_BRESLOW),
    "cox_stratified/efron": Method(
        "stratified Cox regression, Efron ties", "分层 Cox 回归，Efron 法处理结点", _COX_EFRON
    ),
    "cox_stratified/breslow": Method(
        "stratified Cox regression, Breslow ties", "分层 Cox 回归，Breslow 法处理结点", _COX_BRESLOW
    ),
    "cox/exact": Method("Cox regression, exact likelihood for ties", "Cox 回归，精确法处理结点", _COX_EXACT),
    "cox_stratified/exact": Method(
        "stratified Cox regression, exact likelihood for ties", "分层 Cox 回归，精确法处理结点", _COX_EXACT
    ),
    **{
        f"{name}/{ties}/{variance}": Method(
            f"{en}, {ties.capitalize()} ties, {words} variance",
            f"{zh}，{ties.capitalize()} 法处理结点，{translated}方差",
            f"{_COX_EFRON if ties == 'efron' else _COX_BRESLOW}; Lin & Wei 1989",
        )
        for name, en, zh in (
            ("cox", "Cox regression", "Cox 回归"),
            ("cox_stratified", "stratified Cox regression", "分层 Cox 回归"),
        )
        for ties in ("efron", "breslow")
        for variance, words, translated in (
            ("robust", "robust sandwich", "稳健（三明治）"),
            ("clustered", "clustered sandwich", "聚类稳健（三明治）"),
        )
    },
    "cox/profile": Method(
        "Cox regression, profile-likelihood interval", "Cox 回归，轮廓似然置信区间", "Venzon & Moolgavkar 1988"
    ),
    **{
        f"proportional_hazards/{scale}": Method(
            f"test of proportional hazards, time scale: {en}",
            f"比例风险假定检验，时间尺度：{zh}",
            "Grambsch & Therneau 1994; survival 3.x",
        )
        for scale, en, zh in (
            ("km", "1 − Kaplan–Meier", "1 − Kaplan-Meier 估计"),
            ("identity", "time", "时间"),
            ("log", "log time", "对数时间"),
            ("rank", "rank of time", "时间的秩"),
        )
    },
    **{
        f"{name}/{ties}": Method(f"{en}, {ties.capitalize()} ties", f"{zh}，{ties.capitalize()} 法处理结点", source)
        for name, en, zh, source in (
            (
                "andersen_gill",
                "Andersen–Gill model, robust variance (LWYY)",
                "Andersen-Gill 模型，稳健方差（LWYY）",
                "Andersen & Gill 1982; Lin, Wei, Yang & Ying 2000",
            ),
            (
                "pwp_total",
                "Prentice–Williams–Peterson model, total time",
                "PWP 模型（总时间尺度）",
                "Prentice, Williams & Peterson 1981",
            ),
            (
                "pwp_gap",
                "Prentice–Williams–Peterson model, gap time",
                "PWP 模型（间隔时间尺度）",
                "Prentice, Williams & Peterson 1981",
            ),
        )
        for ties in ("efron", "breslow")
    },
    "mean_cumulative_function/nelson_aalen": Method(
        "mean cumulative number of events", "平均累积事件数函数", "Nelson 1988; Lawless & Nadeau 1995"
    ),
    "mean_cumulative_function/ghosh_lin": Method(
        "mean cumulative number of events before death", "考虑死亡的平均累积事件数函数", "Ghosh & Lin 2000"
    ),
    "poisson_regression": Method("Poisson regression", "Poisson 回归", "Nelder & Wedderburn 1972"),
    "negative_binomial/observed": Method(
        "negative binomial regression (NB2), observed information", "负二项回归（NB2），观测信息阵", "Lawless 1987"
    ),
    "negative_binomial/expected": Method(
        "negative binomial regression (NB2), expected information", "负二项回归（NB2），期望信息阵", "Lawless 1987"
    ),
    "cumulative_incidence/log-log": Method(
        "cumulative incidence (Aalen–Johansen), log-log limits",
        "累积发生率（Aalen-Johansen 法），log-log 变换置信限",
        _AJ,
    ),
    "cumulative_incidence/log": Method(
        "cumulative incidence (Aalen–Johansen), log limits", "累积发生率（Aalen-Johansen 法），对数变换置信限", _AJ
    ),
    "cumulative_incidence/plain": Method(
        "cumulative incidence (Aalen–Johansen), plain limits", "累积发生率（Aalen-Johansen 法），未变换置信限", _AJ
    ),
    "gray": Method("Gray's test", "Gray 检验", "Gray 1988"),
    "gray_stratified": Method("stratified Gray's test", "分层 Gray 检验", "Gray 1988"),
    "max_combo": Method("MaxCombo test", "MaxCombo 检验", _MAX_COMBO),
    "max_combo_stratified": Method("stratified MaxCombo test", "分层 MaxCombo 检验", _MAX_COMBO),
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
    "ancova/hc3": Method(
        "analysis of covariance, robust variance HC3", "协方差分析（稳健方差 HC3）", "MacKinnon & White 1985"
    ),
    "ancova/hc3/adjusted_mean": Method(
        "adjusted mean, robust variance HC3", "校正均值（稳健方差 HC3）", "MacKinnon & White 1985"
    ),
    "ancova/hc3/difference": Method(
        "difference of adjusted means, robust variance HC3", "校正均值之差（稳健方差 HC3）", "MacKinnon & White 1985"
    ),
    "t/welch": Method("Welch t test", "Welch t 检验", "Welch 1947"),
    "t/pooled": Method("Student t test, pooled variance", "两独立样本 t 检验（合并方差）", "Student 1908"),
    **{
        f"mmrm/{structure}{suffix}": Method(
            f"{model}, {en}, {covariance}", f"{model_zh}，{zh}，{covariance_zh}", source
        )
        for structure, covariance, covariance_zh in (
            ("us", "unstructured covariance", "无结构协方差矩阵"),
            ("ar1", "first-order autoregressive covariance", "一阶自回归协方差结构"),
            ("ar1h", "heterogeneous first-order autoregressive covariance", "方差不齐一阶自回归协方差结构"),
            ("cs", "compound symmetry covariance", "复合对称协方差结构"),
            ("csh", "heterogeneous compound symmetry covariance", "方差不齐复合对称协方差结构"),
            ("toep", "Toeplitz covariance", "Toeplitz 协方差结构"),
            ("toeph", "heterogeneous Toeplitz covariance", "方差不齐 Toeplitz 协方差结构"),
            ("ad", "ante-dependence covariance", "前相依协方差结构"),
            ("adh", "heterogeneous ante-dependence covariance", "方差不齐前相依协方差结构"),
        )
        for model, model_zh in (("mixed model for repeated measures", "重复测量混合效应模型（MMRM）"),)
        for suffix, en, zh, source in (
            ("", "restricted maximum likelihood", "限制性最大似然法", "Mallinckrodt et al. 2001"),
            ("/ml", "maximum likelihood", "最大似然法", "Mallinckrodt et al. 2001"),
            ("/satterthwaite", "Satterthwaite", "Satterthwaite 自由度", "Satterthwaite 1946; Fai & Cornelius 1996"),
            ("/kenward_roger", "Kenward–Roger", "Kenward-Roger 校正", "Kenward & Roger 1997"),
            (
                "/kenward_roger_linear",
                "Kenward–Roger, linear",
                "Kenward-Roger 校正（不含二阶导数项）",
                "Kenward & Roger 1997, without second derivatives",
            ),
        )
    },
    "describe/type_2": Method(
        "quartiles by definition 2 (SAS default)", "四分位数，定义 2（SAS 默认）", "Hyndman & Fan 1996"
    ),
    "describe/type_6": Method("quartiles by definition 6", "四分位数，定义 6", "Hyndman & Fan 1996"),
    "describe/type_7": Method(
        "quartiles by definition 7 (R default)", "四分位数，定义 7（R 默认）", "Hyndman & Fan 1996"
    ),
    "groupseq/obrien_fleming": Method("O'Brien–Fleming boundaries", "O'Brien-Fleming 界值", "O'Brien & Fleming 1979"),
    "groupseq/pocock": Method("Pocock boundaries", "Pocock 界值", "Pocock 1977"),
    "groupseq/wang_tsiatis": Method("Wang–Tsiatis boundaries", "Wang-Tsiatis 界值", "Wang & Tsiatis 1987"),
    "groupseq/lan_demets_of": Method(
        "Lan–DeMets spending, O'Brien–Fleming type",
        "Lan-DeMets α 消耗函数（O'Brien-Fleming 型）",
        "Lan & DeMets 1983",
    ),
    "groupseq/lan_demets_pocock": Method(
        "Lan–DeMets spending, Pocock type", "Lan-DeMets α 消耗函数（Pocock 型）", "Lan & DeMets 1983"
    ),
    "groupseq/hwang_shih_decani": Method(
        "Hwang–Shih–DeCani spending (gamma family)",
        "Hwang-Shih-DeCani α 消耗函数（γ 族）",
        "Hwang, Shih & DeCani 1990",
    ),
    "groupseq/kim_demets_power": Method(
        "Kim–DeMets spending (power family)", "Kim-DeMets α 消耗函数（幂族）", "Kim & DeMets 1987"
    ),
    "groupseq/futility_binding": Method(
        "efficacy and binding futility bounds by error spending",
        "有效界值与强制性无效界值（α、β 消耗函数）",
        "Pampallona, Tsiatis & Kim 2001",
    ),
    "groupseq/futility_nonbinding": Method(
        "efficacy and non-binding futility bounds by error spending",
        "有效界值与非强制性无效界值（α、β 消耗函数）",
        "Pampallona, Tsiatis & Kim 2001",
    ),
    "groupseq/exit_probabilities": Method(
        "stopping probabilities by recursive integration",
        "各次分析的停止概率（递推数值积分）",
        "Armitage, McPherson & Rowe 1969",
    ),
    "groupseq/inflation": Method(
        "sample size inflation of a group-sequential design", "成组序贯设计的样本量膨胀因子", "Jennison & Turnbull 2000"
    ),
    "groupseq/conditional_power": Method(
        "conditional and predictive power",
        "条件把握度与预测把握度",
        "Lan & Wittes 1988; Spiegelhalter, Freedman & Blackburn 1986",
    ),
    "groupseq/repeated": Method(
        "repeated confidence interval and p value", "重复置信区间与重复 P 值", "Jennison & Turnbull 1989"
    ),
    "groupseq/stagewise": Method(
        "median-unbiased estimate, stage-wise ordering",
        "中位无偏估计（按阶段排序）",
        "Armitage 1957; Tsiatis, Rosner & Mehta 1984",
    ),
    "samplesize/two_proportions/pooled": Method(
        "sample size, two proportions, pooled variance", "两样本率比较的样本量（合并方差）", "Fleiss, Levin & Paik 2003"
    ),
    "samplesize/two_proportions/unpooled": Method(
        "sample size, two proportions, unpooled variance",
        "两样本率比较的样本量（非合并方差）",
        "Fleiss, Levin & Paik 2003",
    ),
    "samplesize/two_proportions/continuity": Method(
        "sample size, two proportions, continuity correction",
        "两样本率比较的样本量（连续性校正）",
        "Fleiss, Tytun & Ury 1980",
    ),
    "samplesize/two_proportions/arcsine": Method(
        "sample size, two proportions, arcsine transformation", "两样本率比较的样本量（反正弦变换）", "Cohen 1988"
    ),
    "samplesize/survival/schoenfeld": Method(
        "sample size, log-rank test, Schoenfeld", "log-rank 检验的样本量（Schoenfeld 法）", "Schoenfeld 1981"
    ),
    "samplesize/survival/freedman": Method(
        "sample size, log-rank test, Freedman", "log-rank 检验的样本量（Freedman 法）", "Freedman 1982"
    ),
    "samplesize/two_means": Method("sample size, two means", "两样本均数比较的样本量", "Julious 2004"),
    "samplesize/two_means/t": Method(
        "sample size, two means, t test", "两样本均数比较的样本量（t 检验）", "Julious 2004; noncentral t distribution"
    ),
    "samplesize/negative_binomial/reference_rate": Method(
        "sample size, negative binomial rates, null variance at the reference rate",
        "负二项率比较的样本量（原假设方差取参照组率）",
        "Zhu & Lakkis 2014, method 1",
    ),
    "samplesize/negative_binomial/true_mean": Method(
        "sample size, negative binomial rates, null variance at the mean rate",
        "负二项率比较的样本量（原假设方差取平均率）",
        "Zhu & Lakkis 2014, method 2",
    ),
    "samplesize/negative_binomial/alternative": Method(
        "sample size, negative binomial rates, Wald test", "负二项率比较的样本量（Wald 检验）", "Zhu & Lakkis 2014"
    ),
    "recruitment/poisson_gamma": Method(
        "predicted recruitment, Poisson–gamma model", "入组预测（Poisson-gamma 模型）", "Anisimov & Fedorov 2007"
    ),
    "supply/base_stock": Method(
        "stock-out of base-stock supply, Poisson demand",
        "基准库存策略的缺货风险（Poisson 需求）",
        "Feeney & Sherbrooke 1966",
    ),
    "unconditional/boschloo": Method("Boschloo exact test", "Boschloo 精确检验", "Boschloo 1970"),
    "unconditional/z_pooled": Method(
        "unconditional exact test, pooled z (Barnard)",
        "非条件精确检验（合并方差 z 统计量，Barnard 检验）",
        "Barnard 1945; Suissa & Shuster 1985",
    ),
    "unconditional/z_unpooled": Method(
        "unconditional exact test, unpooled z", "非条件精确检验（非合并方差 z 统计量）", "Suissa & Shuster 1985"
    ),
    "or/profile_likelihood": Method(
        "odds ratio, profile-likelihood interval", "优势比，剖面似然区间", "Venzon & Moolgavkar 1988"
    ),
    "or/miettinen_nurminen_stratified": Method(
        "stratified odds ratio, Miettinen–Nurminen", "分层优势比，Miettinen-Nurminen 法", _MN
    ),
    "or/cornfield_stratified": Method("stratified odds ratio, score interval", "分层优势比，计分法区间", "Gart 1970"),
    "cmh/generalised": Method(
        "generalised Cochran–Mantel–Haenszel tests", "广义 Cochran-Mantel-Haenszel 检验", "Landis, Heyman & Koch 1978"
    ),
    "cmh/correlation": Method(
        "Cochran–Mantel–Haenszel test, correlation",
        "Cochran-Mantel-Haenszel 检验（非零相关）",
        "Landis, Heyman & Koch 1978",
    ),
    "cmh/row_means": Method(
        "Cochran–Mantel–Haenszel test, row mean scores",
        "Cochran-Mantel-Haenszel 检验（行平均得分差异）",
        "Landis, Heyman & Koch 1978",
    ),
    "cmh/general": Method(
        "Cochran–Mantel–Haenszel test, general association",
        "Cochran-Mantel-Haenszel 检验（一般关联）",
        "Landis, Heyman & Koch 1978",
    ),
    "logistic": Method("logistic regression", "logistic 回归", "Cox 1958"),
    "logistic/odds_ratio": Method(
        "logistic regression, odds ratio, Wald interval", "logistic 回归优势比，Wald 区间", "Cox 1958"
    ),
    "gcomp": Method("standardised risks (g-computation)", "标准化风险（g-计算）", "Ge et al. 2011"),
    "gcomp/risk": Method("standardised risk", "标准化风险", "Ge et al. 2011"),
    "gcomp/risk_difference": Method(
        "standardised risk difference, delta-method variance", "标准化率差（delta 法方差）", "Ge et al. 2011"
    ),
    "gcomp/risk_ratio": Method(
        "standardised risk ratio, delta-method variance", "标准化相对危险度（delta 法方差）", "Ge et al. 2011"
    ),
    "multiplicity/fixed_sequence": Method("fixed-sequence test", "固定顺序检验", "Maurer, Hothorn & Lehmacher 1995"),
    "multiplicity/bonferroni": Method("Bonferroni adjustment", "Bonferroni 校正", "Dunn 1961"),
    "multiplicity/holm": Method("Holm adjustment", "Holm 校正", "Holm 1979"),
    "multiplicity/hochberg": Method("Hochberg adjustment", "Hochberg 校正", "Hochberg 1988"),
    "multiplicity/graphical": Method(
        "graphical test with Bonferroni weights", "图形化多重检验（加权 Bonferroni）", "Bretz et al. 2009"
    ),
    "blinding/bang": Method("Bang blinding index", "Bang 盲法指数", "Bang et al. 2004"),
    "blinding/james": Method("James blinding index", "James 盲法指数", "James et al. 1996"),
    **{
        f"reference_based/{strategy}/{name}": Method(f"{en}, {words}", f"{zh}（{translated}）{tail}", source)
        for strategy, words, translated in (
            ("mar", "missing at random", "随机缺失"),
            ("jr", "jump to reference", "跳转至参照组"),
            ("cr", "copy reference", "复制参照组"),
            ("cir", "copy increments in reference", "复制参照组增量"),
        )
        for name, en, zh, tail, source in (
            (
                "jackknife",
                "conditional-mean imputation with jackknife variance",
                "条件均值填补",
                "，刀切法方差",
                "Carpenter, Roger & Kenward 2013; Wolbers et al. 2022",
            ),
            (
                "multiple",
                "multiple imputation with Rubin's rules",
                "多重填补",
                "，Rubin 合并规则",
                "Carpenter, Roger & Kenward 2013; Barnard & Rubin 1999",
            ),
        )
    },
    "tipping_point/delta": Method(
        "tipping point analysis, continuous outcome, shift after withdrawal",
        "连续结局临界点分析（退出后数据的 δ 调整）",
        "O'Kelly & Ratitch 2014; Cro et al. 2020",
    ),
    "rubin": Method("Rubin's rules", "Rubin 合并规则", "Rubin 1987; Barnard & Rubin 1999"),
    "tipping_point": Method("tipping point analysis, binary outcome", "二分类结局临界点分析", "Yan et al. 2009"),
    "rate/garwood": Method("exact Poisson interval (Garwood)", "Poisson 率精确区间（Garwood 法）", "Garwood 1936"),
}
