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
    "upload_sending": _("sending"),
    "upload_attached": _("D{id} is the text of S{source}"),
    "upload_waits": _("D{id} waits for you to say whose text it is"),
    "upload_done": _("{done} of {total} files sent: {waits} wait, {refused} were refused."),
    "select_first": _("Select a passage first."),
    "parked": _("Parked as Q{id}."),
    "coded": _("Coded as C{id}."),
    "tied": _("Tied to {to}."),
    "tied_concept": _("Q{id} tied to K{to}."),
    "memo_kept": _("Memo M{id} on Q{quote}."),
    "choose_configuration": _("Choose a configuration first."),
    "choose_proposition": _("Choose a proposition first."),
    "none_has_words": _("None has these words."),
    "no_configuration": _("There is none yet; New configuration makes one of a passage."),
    "no_proposition": _("There is none yet: propositions are stated under Theories."),
    "to_theories": _("Go to Theories"),
    "several_called": _("Several concepts are called so: {several}. Begin with the number."),
    "take_back": _("Take back"),
    "taken_back": _("Taken back."),
    "nothing_to_take_back": _("There is nothing to take back yet."),
    "nothing_open": _("Nothing here is parked or unverified."),
    "nothing_coded_there": _("Nothing is coded in this passage."),
    "found_of": _("{n} of {all}"),
    "found_none": _("Not in this document."),
    "narrowed": _("{n} of {all} quotes"),
    "unsent": _("Unsent here: {what}."),
    "go_on": _("Go on with it"),
    "whole": _("the whole"),
    "page": _("page {label}"),
    "pdf_failed": _("The pages cannot be drawn: {why}. The text view shows the same words."),
    "row_up": _("Up"),
    "row_down": _("Down"),
    "row_moved": _("Place {place} of {of}"),
    "leave_out": _("Leave out"),
    "put_back": _("Put back"),
    "element_n": _("element {n}"),
    "restored_older": _(
        "You had changed an earlier version and not sent it. Choose what to keep of it."
    ),
    "conflict": _(
        "Somebody else changed it while you had it open. What only they changed is in the form "
        "now; choose where both of you did, then code anew."
    ),
    "conflict_none": _("Nothing of it touches what you changed; code anew."),
    "theirs_added": _("added meanwhile"),
    "theirs_removed": _("removed meanwhile; coded anew if it stays"),
    "nothing": _("nothing"),
    "filled": _("The slots are filled from the notation: {sentence}"),
    "if": _("If {context}"),
    "given": _("given {given}"),
    "then_for": _("then, for {whom}"),
    "then": _("then {outcome}"),
    "because": _("because {why}"),
    "and": _("and"),
    "or": _("or"),
    "either": _("either {words}"),
    "restored": _("What you had written here and not sent is back."),
    "ticked": _("{many} ticked"),
    "one_ticked": _("1 ticked"),
}
