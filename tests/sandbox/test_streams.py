"""Output is cut at its bound, and Docker's frames come apart however they were chopped."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.contained import Frames
from sandbox.output import Output

frames = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=8)


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=20), max_size=10), st.integers(0, 60))
def test_output_keeps_the_first_bytes_and_counts_all(chunks, most):
    output = Output(most)
    for chunk in chunks:
        output.take(chunk)

    whole = b"".join(chunks)
    assert output.kept == whole[:most]
    assert output.seen == len(whole)
    assert output.truncated == (len(whole) > most)


@settings(max_examples=40)
@given(frames, st.integers(1, 12))
def test_frames_come_apart_however_they_were_chopped(sent, step):
    wire = b"".join(bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data for stream, data in sent)
    reader = Frames()

    got = [piece for at in range(0, len(wire), step) for piece in reader.feed(wire[at : at + step])]

    for stream in (1, 2):
        assert b"".join(data for which, data in got if which == stream) == b"".join(
            data for which, data in sent if which == stream
        )
