"""No secret gets into what is kept, wherever in it the secret stood."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.gateway.masking import Mask

SECRET = "s3cr3t-value-42"
texts = st.lists(st.sampled_from([SECRET, "s3cr3t", "-value", "[secret]", " ", "x", "\ud800"]), max_size=5).map("".join)
values = st.recursive(
    texts | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(values)
@settings(max_examples=80, deadline=None)
def test_a_known_secret_survives_nowhere(value):
    masked = Mask([SecretStr(SECRET)]).value(value)

    assert SECRET not in json.dumps(masked, ensure_ascii=False).encode().decode()


SHAPES = {"sk-ant-": 24, "glpat-": 20, "gldt-": 20, "ghp_": 36, "whsec_": 32, "AKIA": 16}


@pytest.mark.parametrize(("prefix", "length"), SHAPES.items())
def test_unknown_secrets_are_known_by_their_shape(prefix, length):
    secret = prefix + ("ABCD1234" * 5)[:length]

    assert Mask().text(f"token={secret}, and so on") == "token=[secret], and so on"


def test_keys_and_bearers_are_masked():
    key = "-----{} PRIVATE KEY-----\nabc\n-----{} PRIVATE KEY-----".format("BEGIN", "END")

    assert Mask().text(f"{key} Authorization: Bearer abcdefghijklmnop") == "[secret] Authorization: Bearer [secret]"


def test_ordinary_code_stays_as_it_is():
    code = "def skip(sk, ant):\n    return {'bearer': sk}  # see glpat docs\n"

    assert Mask([SecretStr("")]).text(code) == code
