"""What scripts say, by key; a name in braces is filled in. Pages carry them as JSON."""


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


WORDS: dict[str, str] = {
    "offline": _("The server cannot be reached. What you wrote is kept here; try again."),
    "signed_out": _(
        "You are signed out. Sign in in another tab, then send this again; nothing is lost."
    ),
    "answered": _("The server answered {status}."),
    "restored": _("What you had written here and not sent is back."),
    "ticked": _("{many} ticked"),
    "one_ticked": _("1 ticked"),
}
