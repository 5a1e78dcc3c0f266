"""The forms that come with the program; items are in our own words, each form names its origin.

The numbers of MMAT's criteria are kept, so that answers can be compared with those made on paper.
"""

from app.library.appraisal.models import Dimension
from app.library.appraisal.schemas import Category, Item, LevelSaid, ShippedForm

SCALES: dict[Dimension, tuple[str, ...]] = {
    Dimension.RELEVANCE: ("high", "moderate", "low"),
    Dimension.RICHNESS: ("rich", "thicker", "thinner"),
    Dimension.RIGOUR: ("high", "moderate", "low"),
}
"""Levels of judgements made without a form, the best first."""

RAMESES = (
    "After the RAMESES publication standards for realist syntheses (Wong G, Greenhalgh T, Westhorp "
    "G, Buckingham J, Pawson R. BMC Medicine 2013;11:21), item 9; worded here."
)
MMAT = (
    "Mixed Methods Appraisal Tool (MMAT), version 2018: Hong QN, Fàbregues S, Bartlett G, et al. "
    "Education for Information 2018;34(4):285-291. Criteria reworded here; use the authors' manual "
    "beside it."
)
MMAT_CATEGORIES = {
    "qualitative": "Qualitative",
    "randomised": "Quantitative, randomised controlled trial",
    "non_randomised": "Quantitative, not randomised",
    "descriptive": "Quantitative, descriptive",
    "mixed": "Mixed methods",
}
MMAT_ITEMS: tuple[tuple[str | None, str, str], ...] = (
    (None, "S1", "The study says clearly what it set out to find"),
    (None, "S2", "What was collected can answer that"),
    ("qualitative", "1.1", "A qualitative approach suits the question"),
    ("qualitative", "1.2", "Data were gathered in ways that fit the question"),
    ("qualitative", "1.3", "The findings come out of the data"),
    ("qualitative", "1.4", "The data shown carry the interpretation"),
    ("qualitative", "1.5", "Sources, gathering, analysis and interpretation hang together"),
    ("randomised", "2.1", "Allocation was truly by chance and done properly"),
    ("randomised", "2.2", "Groups were alike at the start"),
    ("randomised", "2.3", "Outcomes are known for nearly everybody"),
    ("randomised", "2.4", "Those who assessed outcomes did not know the group"),
    ("randomised", "2.5", "Participants kept to what they were allocated"),
    ("non_randomised", "3.1", "Those studied stand for the population meant"),
    ("non_randomised", "3.2", "Intervention or exposure, and outcome, were measured fittingly"),
    ("non_randomised", "3.3", "Outcomes are known for nearly everybody"),
    ("non_randomised", "3.4", "Design and analysis deal with confounding"),
    ("non_randomised", "3.5", "What was given, or happened, was as intended throughout"),
    ("descriptive", "4.1", "The way of sampling serves the question"),
    ("descriptive", "4.2", "The sample stands for the population meant"),
    ("descriptive", "4.3", "Measurements are fitting"),
    ("descriptive", "4.4", "Those who did not answer hardly distort the result"),
    ("descriptive", "4.5", "The statistics fit the question"),
    ("mixed", "5.1", "There is a good reason to mix methods for this question"),
    ("mixed", "5.2", "The parts are brought together to answer it"),
    ("mixed", "5.3", "What only the parts together show is interpreted well"),
    ("mixed", "5.4", "Where the parts disagree, that is dealt with"),
    ("mixed", "5.5", "Each part meets the standards of its own tradition"),
)


def _levels(*said: tuple[str, str, str]) -> list[LevelSaid]:
    return [LevelSaid(level=level, label=label, help=text) for level, label, text in said]


def _mmat() -> ShippedForm:
    return ShippedForm(
        name="mmat-2018",
        title="MMAT 2018",
        dimension=Dimension.RIGOUR,
        citation=MMAT,
        help="Answer S1 and S2 of every source; where either is not yes, think whether to go on. "
        "Then the five of its category; of mixed methods the qualitative, the fitting "
        "quantitative and the mixed ones. Its authors advise against a sum: the level is your "
        "judgement, with the reason beside it.",
        levels=_levels(
            ("high", "High", "What is amiss hardly touches what we take from the source."),
            ("moderate", "Moderate", "Some of what we take from it needs care."),
            ("low", "Low", "What we take from it needs support from elsewhere."),
        ),
        categories=[Category(key=key, label=label) for key, label in MMAT_CATEGORIES.items()],
        items=[Item(key=key, text=text, category=of) for of, key, text in MMAT_ITEMS],
    )


def _relevance() -> ShippedForm:
    return ShippedForm(
        name="relevance",
        title="Relevance",
        dimension=Dimension.RELEVANCE,
        citation=RAMESES,
        help="Judge it for one theory area at a time: a source on another topic may speak to the "
        "same mechanism, and one on the topic may say nothing of how it works.",
        levels=_levels(
            ("high", "High", "Helps to build, test or change the theory."),
            ("moderate", "Moderate", "Touches on it, or illustrates what others show."),
            ("low", "Low", "Says next to nothing of it."),
        ),
        items=[
            Item(
                key="theory", text="It says something of how or why this part of the theory works"
            ),
            Item(
                key="circumstances", text="Its circumstances can be compared with those meant here"
            ),
            Item(key="against", text="It could contradict or limit the theory"),
        ],
    )


def _richness() -> ShippedForm:
    return ShippedForm(
        name="richness",
        title="Richness",
        dimension=Dimension.RICHNESS,
        citation="After the distinction of conceptually rich from thick and thin description in "
        "cluster searching (Booth A, Harris J, Croot E, et al. BMC Medical Research Methodology "
        "2013;13:118); worded here.",
        help="How much is there to see context, reasoning and outcome, and how they connect?",
        levels=_levels(
            ("rich", "Conceptually rich", "Explains: what works how, in which circumstances."),
            ("thicker", "Thicker", "Describes programme, people and setting enough to infer it."),
            ("thinner", "Thinner", "Little beyond what was done and what came out."),
        ),
        items=[
            Item(key="context", text="The circumstances are described, not only named"),
            Item(key="reasoning", text="What people thought, felt or decided can be seen"),
            Item(key="explanation", text="The authors explain, or name theory, beyond description"),
        ],
    )


def _rigour() -> ShippedForm:
    return ShippedForm(
        name="rigour",
        title="Rigour",
        dimension=Dimension.RIGOUR,
        citation=f"{RAMESES} And Pawson R. Digging for nuggets: how 'bad' research can yield "
        "'good' evidence. International Journal of Social Research Methodology 2006;9(2):127-142.",
        help="Of what you use of the source, not of the study as a whole: a weak trial may hold a "
        "telling interview. Where that differs, judge the piece of evidence.",
        levels=_levels(
            (
                "high",
                "High",
                "The methods behind it are described and can be trusted for this use.",
            ),
            ("moderate", "Moderate", "Believable, with something open."),
            ("low", "Low", "Asserted, or got in a way that could mislead here."),
        ),
        items=[
            Item(key="told", text="It can be seen how what we use was found out"),
            Item(key="trusted", text="That way can carry the inference drawn from it"),
            Item(key="coherent", text="It fits together with the rest the source reports"),
        ],
    )


SHIPPED: dict[str, ShippedForm] = {
    form.name: form for form in (_mmat(), _relevance(), _richness(), _rigour())
}
