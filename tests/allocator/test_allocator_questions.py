"""The messages to and from the unlocked allocator, and the socket they go over."""

import socket
import stat
import threading
from contextlib import contextmanager
from time import monotonic

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from equipoise.allocator import process
from equipoise.allocator.asking import ask, socket_of
from equipoise.allocator.process import SocketTakenError, listening, serve
from equipoise.allocator.questions import (
    ANSWER_BYTES,
    LONGEST_QUESTION,
    Drawn,
    DrawNext,
    Ready,
    Shut,
    State,
    read_answer,
    read_question,
    receive,
    send,
    write,
)

LABELS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ALLOCATOR_SOCKETS", str(tmp_path))
    return tmp_path


@contextmanager
def answering(answer, beat=0.01):
    """A process that answers `t` in a thread."""
    with listening(socket_of("t")) as server:
        thread = threading.Thread(target=serve, args=(server, answer), kwargs={"beat": beat})
        thread.start()
        try:
            yield
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


# --- Messages --------------------------------------------------------------------------------------------------------


@given(st.builds(DrawNext, st.text(), st.integers(0, 10**6), st.text(), st.text(), st.lists(st.text()).map(tuple)))
def test_a_question_is_read_as_it_was_written(question):
    assert read_question(write(question)) == question
    assert read_answer(write(question)) is None


@given(st.one_of(st.builds(Drawn, LABELS, st.binary(max_size=600)), st.builds(Ready, st.text()), st.just(Shut())))
def test_an_answer_is_read_as_it_was_written(answer):
    assert read_answer(write(answer)) == answer
    assert read_question(write(answer)) is None


@pytest.mark.parametrize("data", [
    b"", b"7", b"[]", b"{}", b'{"is":"Else"}', b'{"is":"State"}', b'{"is":"State","study":1}', b"\xff\xfe",
    b'{"is":"State","more":1,"study":"t"}', b'{"study":"t","is":"State"}', b'{"is":"State","study":"t"} ',
    b'{"is":["State"],"study":"t"}', b"[" * 5000,
])  # fmt: skip
def test_what_is_no_question_is_none(data):
    assert read_question(data) is None


@given(LABELS, LABELS)
def test_two_draws_are_answered_in_as_many_bytes_whatever_the_envelope(one, other):
    answers = [write(Drawn(label, bytes(552))) for label in (one, other)]
    assert len({len(answer) for answer in answers}) == 1
    assert len(answers[0]) < ANSWER_BYTES


# --- The socket ------------------------------------------------------------------------------------------------------


def test_nobody_there_is_no_answer(folder):
    assert ask(State("t")) is None


def test_a_question_is_answered_and_only_the_owner_may_ask(folder):
    asked = []

    def answer(data):
        asked.append(read_question(data))
        return write(Ready("t"))

    with answering(answer):
        assert [ask(State("t")) for _ in range(3)] == [Ready("t")] * 3
        assert stat.S_IMODE(socket_of("t").stat().st_mode) == 0o600
    assert asked == [State("t")] * 3
    assert not socket_of("t").exists()
    assert ask(State("t")) is None


@pytest.mark.parametrize("said", [b"", b"nonsense", b'{"is":"State","study":"t"}'])
def test_what_is_no_answer_is_none(folder, said):
    with answering(lambda _: said):
        assert ask(State("t")) is None


def test_every_answer_has_one_length_and_leaves_at_a_beat(folder):
    """However long it took to find: here nothing, and more than one beat."""
    beat, lengths, took = 0.08, set(), []
    for wait, answer in ((0, Shut()), (0.02, Drawn("A" * 8, bytes(552))), (0.1, Ready("t"))):

        def slowly(_, wait=wait, answer=answer):
            threading.Event().wait(wait)
            return write(answer)

        with answering(slowly, beat), socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(socket_of("t")))
            began = monotonic()
            send(raw, write(State("t")))
            lengths.add(len(receive(raw, ANSWER_BYTES)))
            took.append(monotonic() - began)
    assert lengths == {ANSWER_BYTES}
    assert min(took[:2]) >= beat
    assert took[2] >= 2 * beat


def test_who_stammers_hangs_up_or_says_too_much_does_not_stop_it(folder, monkeypatch):
    monkeypatch.setattr(process, "_PATIENCE", 0.05)
    asked = []
    with answering(lambda data: asked.append(data) or write(Shut())):
        for said in (b"", b"\0\0", b"\0\0\0\x09half", (LONGEST_QUESTION + 1).to_bytes(4, "big") + b"x", bytes(4)):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.connect(str(socket_of("t")))
                raw.sendall(said)
        with socket.socket(socket.AF_UNIX) as silent:
            silent.connect(str(socket_of("t")))
            assert ask(State("t")) == Shut()
    assert write(State("t")) in asked
    assert set(asked) == {b"", write(State("t"))}


def test_a_second_process_is_refused_and_one_that_was_killed_leaves_its_place(folder):
    with answering(lambda _: write(Ready("t"))):
        with pytest.raises(SocketTakenError, match="allocator-t"), listening(socket_of("t")):
            pass
        assert ask(State("t")) == Ready("t")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(socket_of("t")))
    assert socket_of("t").exists()
    with answering(lambda _: write(Ready("t"))):
        assert ask(State("t")) == Ready("t")


def test_a_place_where_nobody_can_listen_is_an_error(folder):
    for place in (folder / ("x" * 120), folder / "none" / "a.sock"):
        with pytest.raises(OSError, match=r"path too long|No such file"), listening(place):
            pass
