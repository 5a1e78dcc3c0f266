"""Figures as pictures and pages: every one is drawn once, as SVG."""

DOTS_PER_INCH = 216
"""Of a PNG at its own size, and said in it; as wide as a page, 17 cm, a figure has over 400."""


def picture(svg: str, form: str) -> bytes:
    """Return a drawing as it is (svg), as a picture (png) or as a page (pdf)."""
    if form == "svg":
        return svg.encode()
    import vl_convert

    if form == "png":
        return vl_convert.svg_to_png(svg, ppi=DOTS_PER_INCH)
    return vl_convert.svg_to_pdf(svg)
