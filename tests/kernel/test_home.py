"""The one folder of an installation: nothing before it is needed, secrets whole and private."""

from __future__ import annotations

import threading

from ronghe.kernel.home import Home, replace_private, write_private


def test_a_home_is_where_the_environment_says_and_makes_nothing_by_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("RONGHE_HOME", str(tmp_path / "ronghe"))

    home = Home.from_environment()

    assert (home.root, home.is_demo) == (tmp_path / "ronghe", False)
    assert not home.root.exists()


def test_without_the_environment_a_home_is_a_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("RONGHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert Home.from_environment().root == tmp_path / ".local" / "share" / "ronghe"


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    home = Home(tmp_path)

    first = home.secret("seal")

    assert home.secret("seal") == first != home.secret("other")
    assert {path.stat().st_mode & 0o077 for path in home.keys.iterdir()} == {0}
    assert home.keys.stat().st_mode & 0o077 == 0


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    gate, seen = threading.Barrier(8), []

    def start() -> None:
        gate.wait()
        seen.append(Home(tmp_path).secret("seal"))

    starters = [threading.Thread(target=start) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len(set(seen)) == 1
    assert "" not in seen
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["seal"]


def test_the_first_writer_of_a_private_file_wins_and_a_replacement_takes_its_place(tmp_path):
    path = tmp_path / "keys" / "ring"
    write_private(path, b"first")
    write_private(path, b"second")
    assert path.read_bytes() == b"first"

    replace_private(path, b"third")

    assert path.read_bytes() == b"third"
    assert [one.name for one in path.parent.iterdir()] == ["ring"]
