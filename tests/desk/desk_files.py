"""The trial of tablets with a question that takes a scanned report."""

from equipoise.items import refer
from tests.desk.at_work import HISTORY, TEXT, Study, person

_LIMITS = "type: file, media: [application/pdf], megabytes: 1, required: no"
_FILE = f"      - {{id: report, label: {{en: Report, zh: 报告}}, {_LIMITS}}}\n".encode()
_FIRST = TEXT.index(b"    items:\n", TEXT.index(b"- id: history")) + len(b"    items:\n")
WITH_FILE = TEXT[:_FIRST] + _FILE + TEXT[_FIRST:]
SCAN, OTHER = b"%PDF-1.7 one", b"%PDF-1.7 two"


class Filed(Study):
    """That study, and how a report is saved."""

    def report(self, code, *contents, name="report.pdf", text=None, reason="another scan", key=None):
        """Save the history with a report; `text` names one whose content may not be handed over."""
        named = text if text is not None else str(refer(name, contents[0]))
        return self.desk.save_form(
            code, "screening", "history", HISTORY | {"report": named}, by=person("coordinator", code[:2]),
            key=key or self.key(), reason=reason, files=contents,
        )  # fmt: skip
