"""What holds for every reader: what is refused, and that nothing crashes one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AppError, InvalidError
from app.exchange.references.record import UnknownFormatError
from tests.exchange.reading import BIB, CSL, CSV, NBIB, RIS, WOS, F, endnote, one, read


@pytest.mark.parametrize(
    "content", [b"", b"  \n", b"\xef\xbb\xbf", b"Dear all,\nplease find", b"\x00\x01"]
)
def test_what_is_no_reference_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        read(content)


def test_a_format_named_goes_before_the_guess_and_an_encoding_must_be_known() -> None:
    assert len(read(RIS, format=F.CSV)) > 1
    with pytest.raises(InvalidError, match="encoding: klingon"):
        read(RIS, encoding="klingon")
    with pytest.raises(InvalidError, match="encoding: rot13"):
        read(RIS, encoding="rot13")


def test_a_field_of_a_million_characters_is_read() -> None:
    long = "x" * 1_000_000
    assert one(f"TY  - JOUR\nTI  - One\nAB  - {long}\nER  - \n")["abstract"] == long


PIECES = [RIS, BIB, NBIB, WOS, CSV, json.dumps(CSL), endnote("<record></record>")]


@given(
    st.sampled_from(list(F)),
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.tuples(st.sampled_from(PIECES), st.integers(0, 900), st.text(max_size=20)).map(
            lambda cut: (cut[0][: cut[1]] + cut[2] + cut[0][cut[1] :]).encode("utf-8", "replace")
        ),
        st.text(alphabet='@{}",=#\\\n TYER-abk[]<>/', max_size=200).map(str.encode),
    ),
)
def test_no_content_crashes_a_reader(kind: F, content: bytes) -> None:
    try:
        found = read(content, format=kind)
    except AppError:
        return
    assert [record.number for record in found] == list(range(1, len(found) + 1))


@given(st.binary(max_size=400))
def test_no_content_crashes_the_guess(content: bytes) -> None:
    try:
        read(content)
    except AppError:
        return
