"""The word list of the method, as help shows it: what each word means here, and one example.

Words follow the RAMESES standards (Wong et al. 2013, BMC Medicine 11:21), Pawson & Tilley,
*Realistic Evaluation* (1997), and Dalkin et al. 2015 (Implementation Science 10:49) for resource
and response.
"""

from typing import NamedTuple


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


class Term(NamedTuple):
    """A word with what it means; `example` is from the seed review, where one helps."""

    key: str
    name: str
    meaning: str
    example: str = ""


TERMS: tuple[Term, ...] = (
    Term(
        "review",
        _("review"),
        _("One synthesis: its question, its people, its sources and all that is coded from them."),
    ),
    Term(
        "source",
        _("source"),
        _(
            "One report that evidence comes from: an article, a policy text, a transcript. "
            "Several reports of one study are counted once when studies are counted."
        ),
    ),
    Term(
        "screening",
        _("screening"),
        _(
            "Deciding on each source, stage by stage, whether the review reads on in it, and with "
            "what reason it is left out."
        ),
    ),
    Term(
        "quote",
        _("quote"),
        _(
            "A passage in the source's own words, with the place where it stands. It may be "
            "parked: kept for later, tied to nothing yet."
        ),
    ),
    Term(
        "parked",
        _("parked"),
        _(
            "Of a passage: kept at first reading and tied to nothing yet, to be taken up once it "
            "is understood."
        ),
    ),
    Term(
        "concept",
        _("concept"),
        _(
            "An entry of the codebook: what you mean by a word, and of whom or what. It has no "
            ""
            "role of its own."
        ),
        _("Trust between partners is a context in one configuration and an outcome in another."),
    ),
    Term(
        "referent",
        _("referent"),
        _(
            "Of whom or what a concept speaks. Concepts of one label and two referents are two "
            "concepts."
        ),
        _("Trust between partners; faith in the venture."),
    ),
    Term(
        "configuration",
        _("configuration"),
        _(
            "The unit of coding: in this context, this mechanism operates, and this outcome is "
            ""
            "generated. It may be unfinished for as long as you like."
        ),
        _(
            "Small promises kept early (C), partners see that the other delivers (M), trust "
            "grows (O)."
        ),
    ),
    Term(
        "raw",
        _("raw configuration"),
        _(
            "Coded from what a source says, as it says it. Analogous ones can be consolidated "
            "later, and stay as they are."
        ),
    ),
    Term(
        "context",
        _("context"),
        _(
            "Circumstances and relations that shape whether, and how far, a mechanism "
            "operates. Not the setting as such, but what about it matters."
        ),
        _("Local histories of competition."),
    ),
    Term(
        "intervention",
        _("intervention"),
        _("The programme, policy or activity whose working is asked about."),
        _("A merger of two hospitals."),
    ),
    Term(
        "strategy",
        _("strategy"),
        _("What is done on purpose to bring a change about; SCMO templates begin with it."),
    ),
    Term(
        "actor",
        _("actor"),
        _("Whose reasoning or behaviour it is; what works for one may not work for another."),
        _("Leaders of the partner organisations."),
    ),
    Term(
        "agency",
        _("agency"),
        _("What people choose to do of their own accord, apart from what the programme asks."),
        _("Nurses who lend each other a hand unasked."),
    ),
    Term(
        "resource",
        _("resource"),
        _("What a programme brings in that people can react to."),
        _("A contract that says who does what."),
    ),
    Term(
        "response",
        _("response"),
        _("How people reason or react, knowingly or not, to what was brought in."),
        _("Partners read cooperation as obligation, not goodwill."),
    ),
    Term(
        "mechanism",
        _("mechanism"),
        _(
            "Resource and response together, working to a degree; never an activity. Questions "
            ""
            "about mechanisms include resources and responses."
        ),
        _("Trust that lets people take a risk."),
    ),
    Term(
        "outcome",
        _("outcome"),
        _("What is generated, meant or not, near or far, for named people."),
        _("Collaborative behaviour."),
    ),
    Term(
        "element",
        _("element"),
        _(
            "One slot of a configuration: a role and the wording that fills it. The concept "
            "and its state can follow when you understand the passage; wording alone is enough "
            ""
            "to start."
        ),
    ),
    Term(
        "state",
        _("state"),
        _(
            "What is said of a concept in an element: high, low, present, absent, increased, "
            "reduced, maintained, mixed, or not stated. It is never guessed."
        ),
    ),
    Term(
        "evidence",
        _("evidence"),
        _(
            "What ties a passage to a claim: it supports, refutes, refines or contextualises "
            "it, explicitly or by inference, and rests on a finding, an account, an "
            "explanation, a recommendation or another work."
        ),
    ),
    Term(
        "stance",
        _("stance"),
        _(
            "What a passage does to a claim: it supports, refutes, refines or contextualises it. "
            "Passages that refute are findings as much as those that support."
        ),
    ),
    Term(
        "basis",
        _("basis"),
        _(
            "Whose knowledge a passage carries: an empirical finding, a participant's account, "
            "the author's explanation, a recommendation or conjecture, or another work's claim."
        ),
    ),
    Term(
        "inference",
        _("inference"),
        _(
            "How we get from the passage to the claim where it does not say so itself: by "
            "induction, deduction, abduction or retroduction."
        ),
    ),
    Term(
        "link",
        _("link"),
        _(
            "What one configuration is to another: it feeds it, is embedded in it, a variant, "
            "a mirror image or a substitute of it, moderates a link, or contradicts it."
        ),
    ),
    Term(
        "asserted",
        _("asserted link"),
        _("A link that a person holds to be so, on evidence or for a reason that is written down."),
    ),
    Term(
        "possible",
        _("possible link"),
        _(
            "One configuration ends in the concept another begins with, in states that go "
            "together. The program suggests it; it is no evidence until a person accepts it."
        ),
    ),
    Term(
        "chain",
        _("chain"),
        _(
            "A path of configurations in which the outcome of one is the context or mechanism "
            "of the next. It is as good as its weakest step."
        ),
        _("Proximity feeds frequent talk, which feeds trust."),
    ),
    Term(
        "suggested",
        _("suggested"),
        _(
            "Found by the program and decided by nobody: drawn dotted, no evidence of anything "
            ""
            "until a person accepts it."
        ),
    ),
    Term(
        "consolidated",
        _("consolidated configuration"),
        _(
            "Stands for several analogous ones, and says what they share, how they differ and "
            "what is left out. The members keep their wording and quotes."
        ),
    ),
    Term(
        "constructed",
        _("constructed configuration"),
        _(
            "Thought out by a reviewer and found in no source: a gap to search for. It counts "
            "nowhere."
        ),
    ),
    Term(
        "demi-regularity",
        _("demi-regularity"),
        _("A pattern that holds more often than not: in contexts where …, … tends to …"),
    ),
    Term(
        "theory",
        _("programme theory"),
        _(
            "What you hold by now of how, for whom and why it works, in numbered propositions "
            "with their grounds and dated verdicts."
        ),
    ),
    Term(
        "proposition",
        _("proposition"),
        _(
            "One numbered statement of a programme theory, such as T1.3. It may come before all "
            "sources; configurations are its grounds, for it or against it."
        ),
        _("If partners see early promises kept, trust grows, because each shows it can deliver."),
    ),
    Term(
        "verdict",
        _("verdict"),
        _(
            "What became of a proposition, dated and with a reason: affirmed, refuted, revised, "
            "new or retired."
        ),
    ),
    Term(
        "certainty",
        _("certainty"),
        _(
            "Our own judgement of how far a claim can be held, with the reason for it. How many "
            "sources there are does not decide it."
        ),
    ),
    Term(
        "appraisal",
        _("appraisal"),
        _(
            "Three separate judgements, of relevance, richness and rigour. None of them "
            "excludes a source by itself."
        ),
    ),
    Term(
        "relevance",
        _("relevance"),
        _("How far a source bears on an area of the theory; one may bear on this and not on that."),
    ),
    Term(
        "richness",
        _("richness"),
        _("How much a source says of why and how: conceptually rich, thicker or thinner."),
    ),
    Term(
        "rigour",
        _("rigour"),
        _(
            "Whether a source, or a piece of evidence, can carry the inference that is drawn from "
            "it."
        ),
    ),
    Term(
        "verification",
        _("verification"),
        _(
            "Whether a quote stands in the text of its source: word for word, but for spacing "
            "and hyphens, approximately, in several places, or not."
        ),
    ),
    Term(
        "memo",
        _("memo"),
        _("A dated note on anything: a definition, a thought on theory or method, a reflection."),
    ),
    Term(
        "retroduction",
        _("retroduction"),
        _("Reasoning from what is seen to what must be at work beneath it for it to happen."),
    ),
)
