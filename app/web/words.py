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
    "tour_step": _("Step {n} of {of}"),
    "tour_back": _("Back"),
    "tour_next": _("Next"),
    "tour_end": _("End the tour"),
    "copied": _("Copied."),
    "job_waiting": _("waiting for its turn"),
    "job_at": _("{stage}: {done} of {total}"),
    "upload_sending": _("sending"),
    "upload_attached": _("D{id} is the text of S{source}"),
    "upload_waits": _("D{id} waits for you to say whose text it is"),
    "upload_done": _("{done} of {total} files sent: {waits} wait, {refused} were refused."),
    "restored": _("What you had written here and not sent is back."),
    "ticked": _("{many} ticked"),
    "one_ticked": _("1 ticked"),
}
