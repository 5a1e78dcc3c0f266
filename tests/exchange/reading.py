"""Reading a reference file in a test, and a few records in every format."""

import io
from typing import Any

from openpyxl import Workbook

from app.exchange.references.reading import ReferenceFormat, Wish, guess, read_references
from app.exchange.references.record import BadRecord, Found, Record

F = ReferenceFormat


def read(content: bytes | str, **wish: Any) -> list[Found]:
    data = content.encode() if isinstance(content, str) else content
    return list(read_references(data, guess(data, Wish(**wish))))


def good(content: bytes | str, **wish: Any) -> list[Record]:
    found = read(content, **wish)
    bad = [record for record in found if isinstance(record, BadRecord)]
    assert bad == []
    return [record for record in found if isinstance(record, Record)]


def one(content: bytes | str, **wish: Any) -> dict[str, Any]:
    [record] = good(content, **wish)
    return record.fields


def titles(content: bytes | str, **wish: Any) -> list[str]:
    return [record.fields["title"] for record in good(content, **wish)]


RIS = """TY  - JOUR
AU  - Ortiz, Ana
AU  - Lund, B. C.
TI  - Small wins
JF  - Journal of Partnerships
PY  - 2019/03/05
VL  - 4
IS  - 2
SP  - 11
EP  - 19
DO  - https://doi.org/10.1234/jp(19)4.2
KW  - trust
KW  - alliances
SN  - 1234-567X
ER  -
"""


BIB = r"""
Scopus
EXPORT DATE: 7 July 2022

@string{jp = "Journal of Partnerships"}
@preamble{"\newcommand{\x}{y}"}
@comment{nothing}
@article{ortiz2019,
  author = {Ortiz, Ana and Lund, B{\'e}a C. and {World Health Organization}},
  title = {Small {Wins} \& {\"o}ther
     \emph{gains}},
  journal = jp # { A},
  year = 2019, month = mar,
  pages = {11--19}, volume = "4", number = {2},
  doi = {10.1234/ab\_c},
  note = {Cited by: 0}
}
"""


NBIB = """PMID- 123
OWN - NLM
TI  - A title that goes on in
      the next line.
LID - S1 [pii]
LID - 10.1234/lid.1 [doi]
FAU - Long, Vicky
AU  - Long V
CN  - The Trust Group
FAU - Marland, Hilary
AU  - Marland H
DP  - 2009 Sep 3
JT  - History
MH  - Humans
OT  - trust

PMID- 124
TI  - Second
AID - 10.1234/aid.2 [doi]
AU  - Long V
TA  - Hist
DP  - 2010
"""


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lund, B
   Ortiz, A
AF Lund, Bea
   Ortiz, Ana
TI Small wins in
   large alliances
SO JOURNAL OF PARTNERSHIPS
DE trust; alliances
PY 2019
PD MAR 2
VL 4
BP 11
EP 19
DI 10.1234/wos
UT WOS:000001
ER

PT J
TI Second
ER
EF
"""


def endnote(*records: str) -> str:
    return f"<?xml version='1.0'?><xml><records>{''.join(records)}</records></xml>"


def styled(text: str) -> str:
    return f'<style face="normal"><style size="100%">{text}</style></style>'


CSL = [
    {
        "id": "ortiz",
        "type": "article-journal",
        "title": "Small wins",
        "author": [{"family": "Beethoven", "non-dropping-particle": "van", "given": "L."}],
        "issued": {"date-parts": [["2019", 3]]},
        "DOI": "10.1234/csl",
        "volume": 4,
    }
]


CSV = (
    'Authors,"Article Title",Source Title,Publication Year,DOI,Cited by\r\n'
    '"Ortiz A, Lund BC","Small, but\r\nwins",Partnerships,2019,10.1234/csv,7\r\n'
    "Lund B,Second,Partnerships,2020,,\r\n"
)


def workbook(rows: list[list[Any]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()
