"""What stops a folder of outputs from being written, and what is wrong with one that was."""

from typing import Final

from equipoise.items import Problem
from equipoise.items.messages import Message, problem_from

MESSAGES: Final[dict[str, Message]] = {
    "outputs.E001": Message(
        "The folder has no manifest.json that can be read.", "该文件夹没有可读取的 manifest.json。",
        "Name a folder that `equipoise analyse` wrote.", "请指定 equipoise analyse 生成的文件夹。",
    ),
    "outputs.E002": Message(
        "This file is not what was written: its SHA-256 is {found}, and the manifest says {expected}.",
        "该文件与生成时不同：其 SHA-256 为 {found}，清单记录为 {expected}。",
        "Run the analysis again into another folder and compare.", "请重新运行分析并写入另一文件夹，再进行比较。",
    ),
    "outputs.E003": Message(
        "This file of the manifest is not there.", "清单中的该文件不存在。",
        "Run the analysis again into another folder.", "请重新运行分析并写入另一文件夹。",
    ),
    "outputs.E004": Message(
        "This file is not in the manifest.", "清单中没有该文件。",
        "It was not written by the analysis: keep it elsewhere.", "该文件并非由分析生成，请另行存放。",
    ),
    "outputs.E005": Message(
        "There is no ledger of the study {study} here.", "此处没有研究 {study} 的账本。",
        "Name the folder of the deployment with --ledger, and the study with --study.",
        "请用 --ledger 指定部署目录，用 --study 指定研究。",
    ),
    "outputs.E006": Message(
        "This is not the protocol of the ledger: its digest is {found}, and the study runs under {expected}.",
        "该文件不是账本所用的方案：其摘要为 {found}，研究采用的方案摘要为 {expected}。",
        "Take the file under which the study was opened.", "请使用开启研究时的方案文件。",
    ),
    "outputs.W001": Message(
        "This machine has no font with Chinese characters, so the PDF files in Chinese were left out.",
        "本机没有中文字体，因此未生成中文 PDF 文件。",
        "Install one, such as Noto Sans CJK, and run the analysis again. The pages and the RTF files are complete.",
        "请安装中文字体（如 Noto Sans CJK）后重新运行分析。网页和 RTF 文件内容完整。",
    ),
    "outputs.E010": Message(
        "{number} is printed here, and no statistic of {analyses} is printed so.",
        "此处出现 {number}，而 {analyses} 的统计结果中没有这样的数值。",
        "A number comes from the results dataset or is a constant of the protocol: name the display's source in "
        "reports/sources.py, or give the number a statistic.",
        "每个数值都应来自结果数据集或方案常量：请在 reports/sources.py 中声明该图表的来源，或为该数值建立统计结果。",
    ),
    "outputs.E011": Message(
        "{printed} is printed here, and {n} of {N} is {expected}%.",
        "此处印为 {printed}，而 {n}/{N} 应为 {expected}%。",
        "The per cent was not computed from the count beside it.", "该百分比不是由其旁的例数算得。",
    ),
    "outputs.E012": Message(
        "{printed} is printed here, and no count of {analyses} has this per cent.",
        "此处印为 {printed}，而 {analyses} 中没有例数与之对应。",
        "No integer over a denominator of the analysis gives it.", "分析的任何分母都得不出该百分比。",
    ),
    "outputs.E013": Message(
        "{value} stands in the data of this figure, and no statistic of {analyses} is that number.",
        "该图的数据中有 {value}，而 {analyses} 的统计结果中没有这个数值。",
        "A figure draws what is in the results dataset.", "图中数据应取自结果数据集。",
    ),
    "outputs.E014": Message(
        "The data of this figure count {found} ({what}), and the results say {expected}.",
        "该图的数据计得 {found}（{what}），而结果数据集为 {expected}。",
        "Figure and results count different people.", "图与结果统计的人群不一致。",
    ),
}  # fmt: skip


def problem(identifier: str, where: str, **params: str) -> Problem:
    """A problem of this room, in English, with what fills its places so that it can be said in another language."""
    return problem_from(MESSAGES, identifier, where, **params)
