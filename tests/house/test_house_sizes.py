"""The budget of the house: small functions, files that fit in a head."""

from statistics import median, quantiles

from tests.house.house_sources import functions, listing, modules

MEDIAN, P95, LONGEST_FUNCTION, LONGEST_FILE = 8, 40, 60, 500
# Modules that hold data and no control flow may be longer. Each needs its reason here.
DATA_MODULES: dict[str, str] = {}


def lengths() -> dict[str, int]:
    """The lines of every function, decorators and docstring included, by its place."""
    return {
        f"{module.name}:{f.lineno} {f.name}": f.end_lineno - min([f.lineno, *(d.lineno for d in f.decorator_list)]) + 1
        for module in modules()
        if not module.migration
        for f in functions(module)
    }


def test_no_function_outgrows_the_house():
    long = [f"{place} has {lines} lines" for place, lines in lengths().items() if lines > LONGEST_FUNCTION]
    assert not long, f"more than {LONGEST_FUNCTION} lines; split it and name the parts:{listing(long)}"


def test_most_functions_are_small():
    found = lengths()
    longest = sorted(found, key=found.get, reverse=True)[:15]
    message = listing([f"{place} has {found[place]} lines" for place in longest])
    assert median(found.values()) <= MEDIAN, message
    assert quantiles(found.values(), n=20)[-1] <= P95, message


def test_no_file_outgrows_the_house():
    long = [
        f"{module.name} has {lines} lines"
        for module in modules()
        if (lines := module.text.count("\n")) > LONGEST_FILE
        and not module.migration
        and module.name not in DATA_MODULES
    ]
    assert not long, f"more than {LONGEST_FILE} lines:{listing(long)}"


def test_the_exceptions_are_needed():
    lines = {module.name: module.text.count("\n") for module in modules()}
    assert all(lines.get(name, 0) > LONGEST_FILE for name in DATA_MODULES), "remove exceptions that are not needed"
