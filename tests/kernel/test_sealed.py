"""Values that the database must not be able to tell."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel import sealed
from ronghe.kernel.home import Home
from ronghe.kernel.sealed import keyed_digest, masked, open_text, reseal, rotate_key, seal_text

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.HOME = Home(tmp_path)
    forget_keys()
    yield tmp_path / "keys" / "sealed.json"
    forget_keys()


def forget_keys() -> None:
    """Read the keys anew, as another process would."""
    sealed._ring.cache_clear()
    sealed._digest_key.cache_clear()


@given(st.text(max_size=60))
def test_what_was_sealed_opens_again(text):
    assert open_text(seal_text(text)) == text


def test_sealing_twice_gives_two_cipher_texts_without_the_value():
    first, second = seal_text(ID_NUMBER), seal_text(ID_NUMBER)

    assert first != second
    assert ID_NUMBER not in first + second


def test_a_changed_cipher_text_does_not_open():
    key_id, _sep, body = seal_text(ID_NUMBER).partition(":")
    changed = f"{key_id}:{'B' if body[0] == 'A' else 'A'}{body[1:]}"

    with pytest.raises(InvalidTag):
        open_text(changed)


def test_a_value_sealed_under_one_key_does_not_open_as_another(own_keys):
    old = seal_text(ID_NUMBER)
    new_id = rotate_key()

    with pytest.raises(InvalidTag):
        open_text(f"{new_id}:{old.partition(':')[2]}")


def test_after_a_rotation_old_values_open_and_new_ones_carry_the_new_key(own_keys):
    old = seal_text(ID_NUMBER)

    new_id = rotate_key()

    assert open_text(old) == ID_NUMBER
    assert seal_text(ID_NUMBER).startswith(f"{new_id}:")


def test_resealing_moves_a_value_to_the_current_key_once(own_keys):
    old = seal_text(ID_NUMBER)
    new_id = rotate_key()

    moved = reseal(old)

    assert moved.startswith(f"{new_id}:")
    assert open_text(moved) == ID_NUMBER
    assert reseal(moved) == moved


def test_a_process_that_read_the_keys_before_a_rotation_opens_what_came_after(own_keys, tmp_path):
    """The other process is played by the file: it is put back, read, and replaced as a rotation elsewhere would."""
    seal_text(ID_NUMBER)
    before = own_keys.read_bytes()
    rotate_key()
    fresh, after = seal_text(ID_NUMBER), own_keys.read_bytes()
    own_keys.write_bytes(before)
    sealed._ring.cache_clear()
    seal_text("this process knows the old keys now")

    own_keys.write_bytes(after)

    assert open_text(fresh) == ID_NUMBER


def test_the_key_file_is_for_its_owner_only_and_never_half_written(own_keys):
    seal_text(ID_NUMBER)
    rotate_key()

    assert own_keys.stat().st_mode & 0o077 == 0
    assert [path.name for path in own_keys.parent.iterdir()] == ["sealed.json"]
    stored = json.loads(own_keys.read_text())
    assert stored["current"] in stored["keys"]
    assert len(stored["keys"]) == 2


def test_equal_values_have_equal_digests_whatever_their_case_and_margin():
    assert keyed_digest(" 11010519491231002x ") == keyed_digest(ID_NUMBER)
    assert keyed_digest("110105194912310021") != keyed_digest(ID_NUMBER)


def test_the_digest_depends_on_a_key_so_that_numbers_cannot_be_tried_out(own_keys):
    here = keyed_digest(ID_NUMBER)
    (own_keys.parent / "digest_key").unlink()
    forget_keys()

    assert keyed_digest(ID_NUMBER) != here


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (ID_NUMBER, "110***********002X"),
        ("13800138000", "138****8000"),
        ("12345678", "123*5678"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_masking_keeps_three_in_front_and_four_behind(value, shown):
    """PI-09; a value of seven signs would be shown whole, so it is hidden whole."""
    assert masked(value) == shown
