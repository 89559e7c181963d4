"""What a text of the pages is."""

from typing import NamedTuple


class Text(NamedTuple):
    """One text. Named places in braces are filled in when it is said."""

    en: str
    zh: str

    def in_(self, language: str) -> str:
        """The text in a language."""
        return self.zh if language == "zh" else self.en
