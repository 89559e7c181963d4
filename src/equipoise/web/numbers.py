"""Whole numbers as an address or a hidden field carries them."""


def whole_number(text: str, digits: int) -> int | None:
    """A whole number of at most so many digits, which may be 0; None for anything else that was sent."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
