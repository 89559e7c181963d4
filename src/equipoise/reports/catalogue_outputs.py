"""The fixed texts around the displays: where each comes from, the index, the analysis plan and the list of methods."""

from typing import Final

OUTPUTS: Final[dict[str, tuple[str, str]]] = {
    # --- A display on its own
    "supplement": ("Table S{n}.", "附表{n}"),
    "source_line": (
        "Source: {datasets}. Population: {population}, N = {n}.",
        "数据来源：{datasets}。人群：{population}，N = {n}。",
    ),
    "program_line": (
        "Program: {software}, {program}. Protocol {protocol}; ledger head {ledger}, {acts} acts.",
        "程序：{software}，{program}。方案摘要{protocol}；账本末条{ledger}，共{acts}条。",
    ),
    "assessed_population": ("all assessed for eligibility", "全部筛选者"),
    "randomised_population": ("all randomised", "全部随机者"),
    # --- The index
    "index": ("Tables, listings and figures", "表格、列表与图"),
    "display": ("Display", "图表"),
    "formats": ("Formats", "格式"),
    "documents": ("Documents", "文件"),
    "data_files": ("Data", "数据"),
    "results_dataset": ("Every number of the report, one a row", "报告中的每一个数值，每行一个"),
    "registry_file": ("The results as a registry asks for them", "注册平台要求的结果数据"),
    "manifest_file": ("SHA-256 of every file, and what they were made from", "各文件的 SHA-256 及其来源"),
    # --- The analysis plan
    "plan": ("Statistical analysis plan: estimands", "统计分析计划：估计目标"),
    "plan_lead": (
        "Made from the protocol file alone, before any result: each estimand by its five attributes (ICH E9(R1)), how "
        "it is estimated, and its sensitivity analyses.",
        "本页仅由方案文件生成，不含任何结果：列出每个估计目标的五个属性（ICH E9(R1)）、估计方法及敏感性分析。",
    ),
    "estimands_table": ("The estimands", "估计目标一览"),
    "attribute": ("Attribute", "属性"),
    "meaning": ("As the protocol defines it", "方案中的定义"),
    "no_intercurrent": ("none named in the protocol", "方案未列出"),
    "estimator": ("Main estimator", "主要估计方法"),
    "sets_of_plan": ("Analysis sets", "分析集"),
    "who_randomised": ("everybody randomised", "全部随机受试者"),
    "who_dosed": ("randomised, and at least one dose is recorded as given", "已随机且至少有一次给药记录"),
    "who_per_protocol": (
        "dosed, no criterion certainly violated, treatment not stopped early, at least 80% of the planned doses, trial "
        "completed, no major deviation",
        "已给药，无明确违反的入排标准，未提前停止治疗，给药次数不少于计划的80%，完成试验且无重大方案偏离",
    ),
    "who": ("Who is in it", "纳入对象"),
    # --- Methods with their sources
    "methods_sources": ("Methods and their sources", "统计方法及文献出处"),
    "method": ("Method", "方法"),
    "source": ("Described in", "文献出处"),
    "used_in": ("Used for", "用于"),
    "computed_with": (
        "Computed with {software} on {python}; arrays by {numpy}, distributions and optimisers by {scipy}.",
        "计算软件：{software}，运行于{python}；数组运算{numpy}，分布函数与优化{scipy}。",
    ),
    "arms_seed": ("Seed of the dummy arms", "虚拟分组的随机种子"),
    "used_description": ("description", "描述性统计"),
    "intercurrent": ("Intercurrent events", "伴发事件"),
}
