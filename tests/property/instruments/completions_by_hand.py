"""Every way of answering what is open, one by one: slow, obvious, and what a three-valued result has to agree with."""

from itertools import product

from hypothesis import strategies as st


def possible(question):
    """Every answer a question can have, but for the ones that mean the same."""
    match question.type:
        case "state":
            return ["absent", "present"]
        case "yes_no":
            return [False, True]
        case "choice":
            return list(question.codes)
    return list(range(int(question.low), int(question.high or 60) + 1))


def full_answers(instrument, likely=1):
    """All questions answered; `likely` absences for each other answer."""
    options = {q.id: possible(q) for q in instrument.inputs}
    return st.fixed_dictionaries(
        {name: st.sampled_from([some[0]] * (likely - 1) + some) for name, some in options.items()}
    )


def some_of(names, most):
    return st.sets(st.sampled_from(sorted(names)), max_size=most)


def completions(instrument, answers, hidden):
    for values in product(*(possible(instrument.input_by_id[name]) for name in hidden)):
        yield answers | dict(zip(hidden, values, strict=True))


def what_all_agree_on(instrument, answers, hidden, by_hand):
    """Each result that is the same however the hidden questions are answered, and None for the others."""
    worlds = [by_hand(world) for world in completions(instrument, answers, sorted(hidden))]
    return {name: worlds[0][name] if all(w[name] == worlds[0][name] for w in worlds) else None for name in worlds[0]}


def without(answers, hidden):
    return {name: answer for name, answer in answers.items() if name not in hidden}
