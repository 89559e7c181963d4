"""What can be wrong with the restricted specification, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message
from equipoise.items.problem import Problem

_SPECIFICATION: Final = {
    "randomisation.E001": Message(
        "The ratio does not give at least two arms a share of 1 or more.",
        "分配比例中至少应有两个组别，且各组份额不小于 1。",
        "Write the ratio in the protocol as whole numbers, one for each arm.", "请在方案中为每个组别填写整数比例。",
    ),
    "randomisation.E004": Message(
        "A block of {size} cannot be divided in the ratio.", "大小为 {size} 的区组无法按比例划分。",
        "Use multiples of {whole}.", "请使用 {whole} 的倍数。",
    ),
    "randomisation.E005": Message(
        "A block size is listed twice.", "同一区组大小出现两次。",
        "Use 'weights' to favour one.", "如需提高某一大小的概率，请使用 weights。",
    ),
    "randomisation.E006": Message(
        "There are not as many weights as block sizes.", "权重个数与区组大小个数不一致。",
        "Give one weight for each size, or none at all.", "请为每个区组大小给出一个权重，或全部省略。",
    ),
    "randomisation.E007": Message(
        "A weight is less than 1.", "有权重小于 1。",
        "Leave out a size that is never used.", "不使用的区组大小请删除。",
    ),
    "randomisation.E008": Message(
        "A stratum needs at least one slot.", "每个分层至少需要一个随机号。",
        "Give far more than will be needed.", "请预留远多于实际需要的数量。",
    ),
    "randomisation.E009": Message(
        "{procedure} does not take '{name}'.", "{procedure} 不使用 {name}。",
        "Remove '{name}'.", "请删除 {name}。",
    ),
    "randomisation.E010": Message(
        "{procedure} needs '{name}'.", "{procedure} 需要 {name}。",
        "Add '{name}'.", "请增加 {name}。",
    ),
    "randomisation.E011": Message(
        "{procedure} is for two arms in the ratio 1:1.", "{procedure} 仅适用于 1:1 的两个组别。",
        "Use permuted blocks, the block urn or complete randomisation.", "请改用区组随机、区组瓮法或完全随机。",
    ),
    "randomisation.E012": Message(
        "'{name}' is less than 1.", "{name} 小于 1。",
        "Give a whole number from 1 on; 3 is usual for a limit.", "请填写不小于 1 的整数；界限值常用 3。",
    ),
    "randomisation.E013": Message(
        "Wei's urn is for arms in equal shares.", "Wei 瓮法仅适用于各组份额相等的情形。",
        "Use permuted blocks or the block urn.", "请改用区组随机或区组瓮法。",
    ),
    "randomisation.E014": Message(
        "The probability of the arm behind is not between 1/2 and 1.", "落后组别的分配概率不在 1/2 与 1 之间。",
        "2/3 is usual.", "常用值为 2/3。",
    ),
    "randomisation.E015": Message(
        "An urn without balls.", "瓮中没有球。",
        "Give 'alpha', 'beta' or both a number from 1 on; beta 1 is usual.",
        "请为 alpha 或 beta 填写不小于 1 的整数；beta 常用 1。",
    ),
    "randomisation.E016": Message(
        "The slots of a stratum cannot be divided in the ratio, and {procedure} ends balanced.",
        "每层的随机号数无法按比例划分，而 {procedure} 须以平衡结束。",
        "Use a multiple of {whole}.", "请使用 {whole} 的倍数。",
    ),
}  # fmt: skip

_MINIMISATION: Final = {
    "randomisation.E040": Message(
        "Minimisation has no factor to balance.", "最小化随机没有可平衡的因素。",
        "Name the factors under randomisation.strata in the protocol.", "请在方案的 randomisation.strata 中列出因素。",
    ),
    "randomisation.E041": Message(
        "'{name}' is no factor of the protocol's strata.", "“{name}”不是方案中的分层因素。",
        "The factors are {known}.", "因素包括：{known}。",
    ),
    "randomisation.E042": Message(
        "The probability of the arm that balances best is not between 1/2 and 1, or is 1 itself.",
        "平衡最优组别的概率应不小于 1/2 且小于 1。",
        "0.8 is usual. With 1 whoever knows the arms before knows the next one.",
        "常用值为 0.8。若为 1，知晓既往分组者即可推知下一例的组别。",
    ),
    "randomisation.E043": Message(
        "There is no '{name}' here.", "此处不能填写“{name}”。",
        "It can be {known}.", "可填写：{known}。",
    ),
    "randomisation.E044": Message(
        "There is no '{name}' here.", "此处不能填写“{name}”。",
        "Did you mean '{meant}'?", "您要写的是“{meant}”吗？",
    ),
    "randomisation.E045": Message(
        "Weights are given factor by factor.", "权重应按因素逐一填写。",
        "For example {{site: 1, sex: 2}}.", "例如 {{site: 1, sex: 2}}。",
    ),
    "randomisation.E046": Message(
        "The imbalance of {participants} participants in {arms} arms, in this ratio and with these weights, is not "
        "counted exactly in simulations.",
        "模拟时无法精确计算 {participants} 例受试者、{arms} 个组别在此分配比例与权重下的不平衡程度。",
        "Give smaller 'factor_weights', or the arms a simpler ratio.", "请减小 factor_weights，或简化分配比例。",
    ),
}  # fmt: skip

_FILE: Final = {
    "randomisation.E020": Message(
        "The file does not hold keys and values.", "文件内容不是键和值。",
        "The keys are {keys}.", "可用的键：{keys}。",
    ),
    "randomisation.E021": Message(
        "This is not YAML: {said}.", "文件不是有效的 YAML：{said}。",
        "Look for a missing bracket, quotation mark or space.", "请检查是否缺少括号、引号或空格。",
    ),
    "randomisation.E022": Message(
        "The file is longer than {most} characters.", "文件超过 {most} 个字符。",
        "The keys are {keys}.", "可用的键：{keys}。",
    ),
    "randomisation.E023": Message(
        "Anchors, aliases and tags are not allowed here.", "此处不允许使用锚点、别名和标签。",
        "Write it out.", "请直接写出内容。",
    ),
    "randomisation.E024": Message(
        "The file is nested too deeply.", "文件嵌套过深。",
        "The keys are {keys}.", "可用的键：{keys}。",
    ),
    "randomisation.E025": Message(
        "There is no key '{name}'.", "没有名为“{name}”的键。",
        "The keys are {keys}.", "可用的键：{keys}。",
    ),
    "randomisation.E026": Message(
        "The key '{name}' is given twice.", "键“{name}”出现两次。",
        "Keep one of them.", "请只保留一个。",
    ),
    "randomisation.E027": Message(
        "The key '{name}' is missing.", "缺少键“{name}”。",
        "The keys are {keys}.", "可用的键：{keys}。",
    ),
    "randomisation.E028": Message(
        "There is no procedure '{name}'.", "没有名为“{name}”的随机方法。",
        "The procedures are {procedures}.", "可用的随机方法：{procedures}。",
    ),
    "randomisation.E029": Message(
        "A whole number from 1 to 99999 is expected here.", "此处应为 1 至 99999 的整数。",
        "Write digits only.", "请只填写数字。",
    ),
    "randomisation.E033": Message(
        "A probability is expected here.", "此处应为概率。",
        "Write a fraction such as 2/3, or a number such as 0.7.", "请填写分数（如 2/3）或小数（如 0.7）。",
    ),
    "randomisation.E030": Message(
        "A list of whole numbers is expected here.", "此处应为整数列表。",
        "For example [4, 6, 8].", "例如 [4, 6, 8]。",
    ),
    "randomisation.E031": Message(
        "There is no key '{name}'.", "没有名为“{name}”的键。",
        "Did you mean '{meant}'?", "您要写的是“{meant}”吗？",
    ),
    "randomisation.E032": Message(
        "There is no procedure '{name}'.", "没有名为“{name}”的随机方法。",
        "Did you mean '{meant}'?", "您要写的是“{meant}”吗？",
    ),
}  # fmt: skip

MESSAGES: Final[dict[str, Message]] = {**_SPECIFICATION, **_MINIMISATION, **_FILE}


def problem(identifier: str, where: str, **params: str) -> Problem:
    """What is wrong in English, with what fills its places so that it can be said in another language."""
    message = MESSAGES[identifier]
    return Problem(identifier, where, message.en.format(**params), message.hint_en.format(**params), params=params)
