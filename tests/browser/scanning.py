"""A page as scanners make it: its pictures packed as fax, JBIG2 and JPEG 2000, words beneath."""

import io
import struct
from collections.abc import Callable

from PIL import Image, ImageDraw

SIDE = 64
STRIP_AT, STRIP_BYTES, ROWS_EACH = 273, 279, 278  # tags of TIFF 6.0


def picture(mode: str) -> Image.Image:
    """A square whose left half is black."""
    made = Image.new(mode, (SIDE, SIDE), 255 if mode == "L" else 1)
    ImageDraw.Draw(made).rectangle((0, 0, SIDE // 2 - 1, SIDE), fill=0)
    return made


def fax() -> bytes:
    """The picture in CCITT group 4 (ITU-T T.6), white being what is set."""
    file = io.BytesIO()
    picture("1").save(file, "TIFF", compression="group4", tiffinfo={ROWS_EACH: SIDE})
    with Image.open(file) as kept:
        [at], [size] = kept.tag_v2[STRIP_AT], kept.tag_v2[STRIP_BYTES]  # type: ignore[attr-defined]
    return file.getvalue()[at : at + size]


def jbig2() -> bytes:
    """The picture as segments of JBIG2 (ITU-T T.88, 7.2): a page, and a fax-coded region."""
    page = struct.pack(">4IBH", SIDE, SIDE, 0, 0, 0, 0)
    region = struct.pack(">4IBB", SIDE, SIDE, 0, 0, 0, 1) + fax()
    parts = ((0, 48, page), (1, 38, region))
    heads = [struct.pack(">IBBBI", n, kind, 0, 1, len(data)) for n, kind, data in parts]
    return b"".join(head + data for head, (_, _, data) in zip(heads, parts, strict=True))


def jpeg_2000() -> bytes:
    """The picture as a file of JPEG 2000."""
    file = io.BytesIO()
    picture("L").save(file, "JPEG2000")
    return file.getvalue()


FILTERS: dict[str, tuple[str, int, Callable[[], bytes]]] = {
    "fax": (f"/CCITTFaxDecode /DecodeParms << /K -1 /Columns {SIDE} /Rows {SIDE} >>", 1, fax),
    "JBIG2": ("/JBIG2Decode", 1, jbig2),
    "JPEG 2000": ("/JPXDecode", 8, jpeg_2000),
}


def scanned() -> bytes:
    """A PDF of one page 300 points wide and high, its pictures of 90 in a row at 15, 105, 195."""
    drawn = "".join(f"q 80 0 0 80 {15 + 90 * n} 150 cm /I{n} Do Q\n" for n in range(len(FILTERS)))
    words = f"{drawn}BT /F 12 Tf 15 100 Td (Trust grew where wins came early.) Tj ET".encode()
    names = " ".join(f"/I{n} {5 + n} 0 R" for n in range(len(FILTERS)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources "
        f"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
        f"/XObject << {names} >> >> >>".encode(),
        b"<< /Length %d >> stream\n%b\nendstream" % (len(words), words),
    ]
    for packing, bits, make in FILTERS.values():
        data = make()
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {SIDE} /Height {SIDE} /ColorSpace "
            f"/DeviceGray /BitsPerComponent {bits} /Filter {packing} /Length {len(data)} >>"
        )
        bodies.append(head.encode() + b" stream\n" + data + b"\nendstream")
    out, places = b"%PDF-1.7\n", []
    for n, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )
