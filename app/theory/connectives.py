"""What joins the slots of a configuration as printed, and belongs to none of them."""

import re

from app.theory.vocabulary import Role

_LEADS = r"leads? to|led to|results? in|resulted in"
CONNECTIVES = (
    r"in (?:a |the )?(?:contexts?|settings?|situations?|circumstances|cases?) (?:where|in which)"
    r"|in (?:a |the )?contexts? of|in which|in turn|where|when(?:ever)?|if(?! only\b)|given that"
    r"|then|and|but(?! for\b)|so that|such that|so(?! (?:as|far|few|little|long|many|much|too)\b)"
    r"|thus(?! far\b)|thereby|therefore|hence|consequently|as a (?:result|consequence)(?: of)?"
    r"|because(?: of)?|due to|meaning that|leading to|resulting in|(?:which|this|that)"
    rf"(?:,? in turn,?)? (?:{_LEADS}|means(?: that)?|makes|triggers|causes|generates|produces)"
    # Directly after a marker these are verbs; elsewhere "results in surgery" may be a noun.
    rf"|(?<=[)\]]\s)(?:{_LEADS})"
)
"""Words that join slots and belong to none, as a pattern in which a space is any run of spaces."""

_OF_ONE = "line|accordance|keeping|agreement|conjunction|collaboration|cooperation|partnership"
_OF_ONE += "|contact|need|receipt|charge|favou?r|possession|search|spite|addition|response|relation"
_OF_ONE += "|order|light|terms|place|fear|touch|contrast|comparison|proportion|pursuit|view|danger"
_IN = rf"in(?! part\b| (?:{_OF_ONE}) (?:with|of|to)\b)"  # "in line with" would lose its sense
_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
CITATION = (
    r"\[\d+(?:\s*[,;\u2013-]\s*\d+)*\]"
    rf"|[{_RAISED}]+(?:[,\u2013\u207b-][{_RAISED}]+)*"
    r"|(?:(?<=[)\]])|(?<=[)\]][.,;]))\d{1,3}(?:[,\u2013-]\d{1,3})*(?=[\s,;.]|$)"
    r"|(?:(?<=[)\]])|(?<=[)\]]\s))\([^()]*\b(?:1[89]|20)\d\d[a-z]?\b[^()]*\)"
)
_SEPARATOR = rf"[\s,;:…→⇒•—)\]/&|]|\.(?!\d)|[-=]+>|[-\u2013+=*]+(?=\s|$)|{CITATION}"


def _leading(connectives: str) -> re.Pattern[str]:
    """Match all that only separates, at the beginning of a slot."""
    words = connectives.replace(" ", r"\s+")
    return re.compile(rf"(?:{_SEPARATOR}|(?:{words})(?=[\s,;:]|$))*", re.IGNORECASE)


LEADING = _leading(CONNECTIVES)
LEADING_BY_ROLE = {
    Role.CONTEXT: _leading(f"{CONNECTIVES}|{_IN}|given"),
    Role.ACTOR: _leading(f"{CONNECTIVES}|for"),
}
