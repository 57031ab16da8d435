"""``govsim watch`` on the command line: what it refuses, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from urllib.request import urlopen

import pytest

from govsim.cli import main


def refusal(capsys, *arguments: str) -> str:
    """The one line with which the command refuses."""
    assert main(["watch", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["policy.fond.yuan=1"], "policy.fond: no such instrument; nearest: fund"),
        (["place=stret"], "place=stret: no such option; nearest: street"),
        (["policy=fund,committee"], "takes one value"),
        (["baseline=none"], "baseline=none: two worlds are shown side by side"),
        (["port=http"], "port=http: must be a whole number from 0 to 65,535"),
        (["port=70000"], "port=70000: must be a whole number"),
        (["open=maybe"], "open=maybe: must be true or false"),
        (["seed=luck"], "seed=luck: must be a whole number"),
        (["out=results/here", "out=there"], "out: is given twice"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(capsys, arguments, words):
    assert words in refusal(capsys, *arguments)


def test_a_busy_port_is_one_line_and_exit_2(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = refusal(capsys, "place=community", f"port={port}")
    assert line.startswith(f"govsim: port={port}: cannot be used")
    assert "choose another" in line


def test_a_place_that_does_not_fit_twice_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("govsim.study.memory.free", lambda: 1e9)
    assert "place.residents=963,636: two worlds need about" in refusal(capsys, "place=district")


def test_without_the_extra_it_says_how_to_get_it(capsys, monkeypatch):
    monkeypatch.setattr("govsim.cli.watch.find_spec", lambda name: None)
    assert "pip install 'govsim[app]'" in refusal(capsys)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal of POSIX")
def test_it_serves_this_machine_alone_and_ctrl_c_ends_it(tmp_path):
    if find_spec("solara") is None and os.environ.get("CI") != "true":
        pytest.skip("the extra app is not installed")
    command = [sys.executable, "-m", "govsim.cli", "watch", "place=community", "warmup=4", "port=0", "open=false"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(2)]
        assert said[1].startswith("govsim: open http://127.0.0.1:")
        with urlopen(said[1].split()[2]) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert process.wait(30) == 0
        assert time.monotonic() - began < 20
        assert process.stderr.read() == ""
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert list(tmp_path.iterdir()) == []
