"""How numbers are printed: counts with per cent, estimates with their limits, p values; a true minus sign always."""

from equipoise.analysis import Statistic

DASH = "–"
Number = tuple[float | None, float | None]  # a value and its Monte-Carlo error


def plain(value: float | None, places: int = 1) -> str:
    """A number with this many decimal places; a dash where there is none. Minus zero is zero."""
    if value is None:
        return DASH
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    written = f"{value:.{places}f}"
    return written.lstrip("-") if not float(written) else written.replace("-", "−")


def with_error(number: Number, scale: float, places: int, error_places: int) -> str:
    """A value with its Monte-Carlo error: "81.0 (0.40)"; without an error only the value."""
    value, error = number
    if value is None:
        return DASH
    shown = plain(value * scale, places)
    return shown if error is None else f"{shown} ({plain(error * scale, error_places)})"


def share(n: int | None, total: int | None) -> str:
    """A count with its per cent: "40 (34.2)"; without people only the count."""
    if n is None:
        return DASH
    return f"{n} ({100 * n / total:.1f})" if total else f"{n}"


def out_of(n: int | None, total: int | None) -> str:
    """A count of a total with its per cent: "40/117 (34.2%)"."""
    if n is None or total is None:
        return DASH
    return f"{n}/{total} ({100 * n / total:.1f}%)" if total else f"{n}/{total}"


def limits(row: Statistic, places: int = 1, *, scale: float = 1.0) -> str:
    """The limits of an interval: "−15.7, 8.7"; nothing where there are none."""
    if row.lower is None or row.upper is None:
        return ""
    return f"{plain(row.lower * scale, places)}, {plain(row.upper * scale, places)}"


def with_limits(row: Statistic | None, places: int = 1, *, scale: float = 1.0) -> str:
    """An estimate with its interval: "−3.5 (−15.7, 8.7)"."""
    if row is None or row.estimate is None:
        return DASH
    interval = limits(row, places, scale=scale)
    number = plain(row.estimate * scale, places)
    return f"{number} ({interval})" if interval else number


def p_value(p: float | None) -> str:
    """A p value: two places from 0.10 up, three below, and never zero."""
    if p is None:
        return DASH
    if p < 0.001:
        return "<0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{min(p, 1.0):.2f}" if p < 0.995 else ">0.99"


def p_is(p: float | None) -> str:
    """A p value as it stands in a sentence, with its sign: "= 0.73", "< 0.001"."""
    written = p_value(p)
    return f"{written[0]}\u00a0{written[1:]}" if written[0] in "<>" else f"=\u00a0{written}"


def places_for(unit_values: list[float]) -> int:
    """How many decimal places suit numbers of this size: the larger they are, the fewer."""
    largest = max((abs(value) for value in unit_values), default=0.0)
    return 0 if largest >= 1000 else 1 if largest >= 10 else 2
