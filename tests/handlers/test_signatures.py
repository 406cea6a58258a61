"""A delivery is GitLab's, or it is refused."""

import base64

import pytest

from handlers.signatures import Unauthenticated, sign, signing_key, verify

KEY = b"k" * 32
TOKEN = "whsec_" + base64.b64encode(KEY).decode()
NOW = 1_750_000_000.0
BODY = b'{"object_kind":"note"}'


def signed(body: bytes = BODY, *, key: bytes = KEY, at: float = NOW, delivery: str = "d-1") -> dict[str, str]:
    timestamp = str(int(at))
    return {
        "webhook-id": delivery,
        "webhook-timestamp": timestamp,
        "webhook-signature": sign(key, delivery=delivery, timestamp=timestamp, body=body),
    }


def test_a_known_signature_is_computed_as_the_standard_says():
    # The example of the Standard Webhooks specification.
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    signature = sign(key, delivery="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp="1614265330", body=b'{"test": 2432232314}')

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_delivery_is_known_by_its_signed_id():
    headers = signed() | {"Idempotency-Key": "somebody-elses", "X-Gitlab-Webhook-UUID": "u-1", "X-Gitlab-Event": "Note Hook"}

    delivery = verify(headers, BODY, secret=None, signing_token=TOKEN, now=NOW)

    assert (delivery.key, delivery.method, delivery.uuid, delivery.event) == ("d-1", "hmac", "u-1", "Note Hook")


def test_one_fitting_signature_of_several_is_enough():
    headers = signed()
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"] + " v2,whatever"

    assert verify(headers, BODY, secret=None, signing_token=TOKEN, now=NOW).method == "hmac"


@pytest.mark.parametrize("late", [-299, 0, 299])
def test_five_minutes_either_way_are_forgiven(late):
    assert verify(signed(), BODY, secret=None, signing_token=TOKEN, now=NOW + late).key == "d-1"


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_a_replayed_delivery_is_refused(late):
    with pytest.raises(Unauthenticated, match="window"):
        verify(signed(), BODY, secret=None, signing_token=TOKEN, now=NOW + late)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "é"},
        {"webhook-id": "d-2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(NOW) + 1)},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-timestamp": "nan"},
    ],
)
def test_any_changed_part_breaks_the_signature(change):
    with pytest.raises(Unauthenticated):
        verify(signed() | change, BODY, secret=None, signing_token=TOKEN, now=NOW)


def test_a_changed_body_breaks_the_signature():
    with pytest.raises(Unauthenticated):
        verify(signed(), BODY + b" ", secret=None, signing_token=TOKEN, now=NOW)


def test_a_timestamp_that_is_signed_but_no_number_is_refused():
    headers = {
        "webhook-id": "d",
        "webhook-timestamp": "²",
        "webhook-signature": sign(KEY, delivery="d", timestamp="²", body=BODY),
    }

    with pytest.raises(Unauthenticated, match="window"):
        verify(headers, BODY, secret=None, signing_token=TOKEN, now=NOW)


def test_the_legacy_token_is_enough_where_no_signature_came():
    headers = {"X-Gitlab-Token": "s3cret", "Idempotency-Key": "abc"}

    delivery = verify(headers, BODY, secret="s3cret", signing_token=TOKEN, now=NOW)

    assert (delivery.key, delivery.method) == ("abc", "token")


def test_a_wrong_signature_is_not_outvoted_by_a_right_token():
    headers = signed(key=b"x" * 32) | {"X-Gitlab-Token": "s3cret"}

    with pytest.raises(Unauthenticated):
        verify(headers, BODY, secret="s3cret", signing_token=TOKEN, now=NOW)


def test_a_signature_we_have_no_key_for_leaves_the_token_to_decide():
    assert verify(signed() | {"X-Gitlab-Token": "s"}, BODY, secret="s", signing_token=None, now=NOW).method == "token"
    with pytest.raises(Unauthenticated):
        verify(signed(), BODY, secret="s", signing_token=None, now=NOW)


@pytest.mark.parametrize("token", ["", "S3cret", "s3cret ", "é"])
def test_a_wrong_token_is_refused(token):
    with pytest.raises(Unauthenticated):
        verify({"X-Gitlab-Token": token}, BODY, secret="s3cret", signing_token=None, now=NOW)


def test_line_breaks_in_the_configured_secret_do_not_count():
    assert verify({"x-gitlab-token": "ab"}, BODY, secret="a\r\nb\n", signing_token=None, now=NOW).method == "token"


@pytest.mark.parametrize(("secret", "signing_token"), [(None, None), ("", ""), ("\n", None)])
def test_without_configured_secrets_everything_is_refused(secret, signing_token):
    with pytest.raises(Unauthenticated):
        verify({"X-Gitlab-Token": ""} | signed(key=b""), BODY, secret=secret, signing_token=signing_token, now=NOW)


@pytest.mark.parametrize("token", ["whsec_", "whsec_not base64", "whsec_é"])
def test_a_broken_signing_token_accepts_nothing(token):
    with pytest.raises(Unauthenticated, match="configured"):
        verify(signed(key=b""), BODY, secret=None, signing_token=token, now=NOW)


@pytest.mark.parametrize("key", ["", "x" * 500, "a\x00b", "ü"])
def test_an_unusable_key_is_no_key(key):
    assert verify({"X-Gitlab-Token": "s", "Idempotency-Key": key}, BODY, secret="s", signing_token=None, now=NOW).key is None
