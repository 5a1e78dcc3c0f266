"""Chains as files: what other programs read, and what hostile words cannot do to them."""

import csv
import io
import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.conftest import World
from tests.synthesis.causality import Web, element, empty_web, fill

NASTY = [
    "<script>alert(1)</script> \"quoted\" & 'so'",
    'a "] end ]; -> {x} \\N \\" | `b` #35;',
    "line\none\r\ttab \x07 bell \u2028 end",
    "=SUM(A1) 信頼と信念 ünïcode 🙂 " + "long " * 60,
    "]]> --> %% --x-->",
]
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def web(world: World) -> Web:
    return fill(empty_web(world.door("owner"), world.base))


@pytest.fixture
def nasty(world: World) -> Web:
    """A chain of five configurations whose titles, wordings and labels are hostile."""
    web = empty_web(world.door("owner"), world.base)
    concepts = [web.post("/concepts", {"label": words})["id"] for words in NASTY]
    for i, words in enumerate(NASTY):
        into = element("context", concepts[i - 1] if i else 1, wording=words)
        web.add(into, element("outcome", concepts[i], wording=words), title=words)
    for number in range(1, len(NASTY)):
        web.feed(number, number + 1)
    return web


def file(web: Web, form: str, query: str = "from=K1") -> str:
    answer = web.door.get(f"{web.base}/chains/file?format={form}&{query}")
    assert answer.status_code == 200, answer.text
    assert f'filename="trust-and-faith-chains.{form}"' in answer.headers["content-disposition"]
    return answer.content.decode()


def test_the_list_of_links_has_a_row_per_link(web: Web) -> None:
    rows = list(csv.DictReader(io.StringIO(file(web, "csv", "from=K1&to=K5").lstrip("\ufeff"))))
    on_chains = [row for row in rows if row["chains"]]
    assert [(r["from"], r["to"], r["links"], r["kind"]) for r in on_chains] == [
        ("C1", "C2", "L1", "asserted"),
        ("C2", "C3", "L2", "asserted"),
        ("C3", "C4", "L3", "asserted"),
    ]
    assert on_chains[0]["witnesses_of_both"] == "2"
    assert (on_chains[0]["outcome_state"], on_chains[0]["becomes_role"]) == ("reduced", "context")


def test_graphml_declares_every_key_and_joins_only_nodes_it_has(nasty: Web) -> None:
    root = fromstring(file(nasty, "graphml"))
    [graph] = root.findall(f"{GRAPHML}graph")
    keys = {key.attrib["id"]: key.attrib["for"] for key in root.findall(f"{GRAPHML}key")}
    nodes = {node.attrib["id"]: node for node in graph.findall(f"{GRAPHML}node")}
    edges = graph.findall(f"{GRAPHML}edge")
    assert graph.attrib["edgedefault"] == "directed"
    assert (set(nodes), len(edges)) == ({"C1", "C2", "C3", "C4", "C5"}, 4)
    for kind, things in (("node", nodes.values()), ("edge", edges)):
        for thing in things:
            assert {keys[data.attrib["key"]] for data in thing} == {kind}
    assert {e.attrib["source"] for e in edges} | {e.attrib["target"] for e in edges} == set(nodes)
    assert NASTY[0] in next(d.text or "" for d in nodes["C1"] if d.attrib["key"] == "n_label")


def test_graphml_says_which_links_are_refuted(web: Web) -> None:
    verdict = {"verdict": "refuted", "reason": "not so", "decided_on": "2021-05-01"}
    web.post("/links/2/verdicts", verdict)
    edges = fromstring(file(web, "graphml", "from=K1&to=K4")).iter(f"{GRAPHML}edge")
    keys = [{data.attrib["key"]: data.text for data in edge} for edge in edges]
    refuted = {key["e_links"]: key["e_refuted"] for key in keys}
    assert refuted["L1"] == "false"
    assert refuted["L2"] == "true"


@pytest.mark.parametrize("form", ["dot", "mermaid", "svg"])
def test_accepted_suggestions_are_told_from_assertions(world: World, form: str) -> None:
    web = empty_web(world.door("owner"), world.base)
    for number in (1, 2, 3):
        web.step(number, number + 1)
    web.feed(1, 2, was_suggested=True)
    web.feed(2, 3)
    text = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), file(web, form))
    told = " ".join(re.sub("<[^>]*>", " ", text).split())
    assert "accepted suggestion" in told
    assert told.count("accepted") == 1


DOT_ID = r'(?:C\d+|[A-Za-z]+|"(?:[^"\\]|\\.)*")'
DOT_LIST = rf"\[{DOT_ID}={DOT_ID}(?:, {DOT_ID}={DOT_ID})*\]"
DOT_LINE = re.compile(rf"  {DOT_ID}(?: -> {DOT_ID})? {DOT_LIST};")


def test_dot_keeps_to_its_grammar_whatever_the_words(nasty: Web) -> None:
    first, *lines, last, end = file(nasty, "dot").split("\n")
    assert (first, last, end) == ("digraph chains {", "}", "")
    assert [line for line in lines if not DOT_LINE.fullmatch(line)] == []
    assert sum(" -> " in line.split("[")[0] for line in lines) == 4


def test_mermaid_quotes_every_word_by_code(nasty: Web) -> None:
    comment, direction, *lines, end = file(nasty, "mermaid").split("\n")
    assert (comment[:3], direction, end) == ("%% ", "flowchart LR", "")
    assert "{" not in comment
    text = r'"(?:[^"<>&`\\\[\]{}|#]|#\d+;)*"'
    line = re.compile(rf"  C\d+(?:\[{text}\]| --?-?>\|{text}\| C\d+| -\.->\|{text}\| C\d+)")
    assert [one for one in lines if not line.fullmatch(one)] == []
    assert len(lines) == 9


def drawn(svg: str) -> Element:
    root = fromstring(svg)
    assert root.tag == f"{SVG}svg"
    for part in root.iter():
        assert part.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "rect", "path", "circle", "text", "a"
        }, part.tag  # fmt: skip
        assert not {name for name in part.attrib if name.startswith("on")}
        assert "style" not in part.attrib
        assert "role" not in part.attrib
    return root


def words(root: Element) -> list[str]:
    return [part.text or "" for part in root.iter(f"{SVG}text")]


def test_the_figure_holds_hostile_words_as_words(nasty: Web) -> None:
    root = drawn(file(nasty, "svg"))
    links = [part.attrib["href"] for part in root.iter(f"{SVG}a")]
    assert [link.rpartition("/reviews/")[2] for link in links] == [
        f"trust-and-faith/configurations/{number}" for number in range(1, 6)
    ]
    assert all(len(word) <= 22 for word in words(root)[:-10] if not word.startswith("="))


def test_an_outcome_that_becomes_a_context_is_drawn_once(web: Web) -> None:
    root = drawn(file(web, "svg", "from=K1&to=K3"))
    assert sum(word.startswith("trust") for word in words(root)) == 1
    assert any(word.startswith("L1") for word in words(root))


def joined_all_round(world: World) -> Web:
    """Four configurations that links make one box of trust: C1 and C2 lead to it, C3 and C4 on."""
    web = empty_web(world.door("owner"), world.base)
    for _ in range(2):
        web.step(1, element("outcome", 2, "high"), 1)
    for number in (4, 5):
        web.step(element("context", 2, "high"), number, 1)
    for start, end in ((1, 3), (2, 3), (2, 4)):
        web.feed(start, end)
    return web


def test_a_suggestion_within_one_box_is_drawn_beside_it(world: World) -> None:
    web = joined_all_round(world)
    svg = file(web, "svg", "from=K1&possible=true")
    shown = words(drawn(svg))
    assert shown[shown.index("C1→C4") :][:2] == ["C1→C4", "suggested"]


def test_refuted_links_within_one_box_are_told_apart(world: World) -> None:
    web = joined_all_round(world)
    web.step(1, element("outcome", 2, "high"), 1)
    web.feed(5, 3)
    for start in (1, 5):
        link = web.feed(start, 4)
        web.post(
            f"/links/{link}/verdicts",
            {"verdict": "refuted", "reason": "not so", "decided_on": "2021-05-01"},
        )
    shown = " ".join(words(drawn(file(web, "svg", "from=K1"))))
    assert "C1→C4 L5 ✕ refuted, C5→C4 L6 ✕ refuted" in shown


def test_suggested_and_opposing_links_are_drawn_as_such(world: World) -> None:
    web = empty_web(world.door("owner"), world.base)
    first = web.step(1, element("outcome", 2, "increased"), 1)
    second = web.step(element("context", 2, "low"), element("outcome", 3, "high"), 1, refutes=(2,))
    web.step(element("context", 3, "high"), 4, 1)
    web.feed(first, second)
    svg = file(web, "svg", "from=K1&to=K4&possible=true")
    shown = " ".join(words(drawn(svg)))
    assert "L1 opposing" in shown.replace("L1  ", "L1 ")
    assert "suggested" in shown
    assert 'stroke-dasharray="1 5"' in svg
    assert 'stroke-dasharray="3 3"' in svg
    assert sum(word.startswith("trust") for word in words(drawn(svg))) == 2
    assert "not the strength of a claim" in " ".join(words(drawn(svg)))


@pytest.mark.parametrize("form", ["svg", "mermaid", "dot", "graphml"])
def test_what_bears_on_the_way_is_named(web: Web, form: str) -> None:
    moderates = {"kind": "moderates", "from_id": 4, "to_link_id": 1, "effect": "weakens"}
    number = web.post("/links", {**moderates, "reason": "so they say"})["id"]
    text = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), file(web, form))
    assert f"L{number}: C4 moderates L1 (weakens)" in " ".join(text.split())


@pytest.mark.parametrize("form", ["svg", "mermaid", "dot", "graphml"])
def test_what_is_replaced_or_contradicted_is_named(web: Web, form: str) -> None:
    replaces = {"kind": "substitutes_for", "from_id": 2, "to_id": 5, "reason": "so they say"}
    number = web.post("/links", replaces)["id"]
    fights = {"kind": "contradicts", "from_id": 3, "to_id": 4, "moderator": "time"}
    other = web.post("/links", {**fights, "reason": "so they say"})["id"]
    text = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), file(web, form, "from=K1&to=K5"))
    told = " ".join(text.split())
    assert f"L{number}: C2 substitutes for C5" in told
    assert f"L{other}: C3 contradicts C4; what resolves it: time" in told


def test_what_bears_on_a_consolidated_configuration_names_both(web: Web) -> None:
    replaces = {"kind": "substitutes_for", "from_id": 5, "to_id": 2, "reason": "so they say"}
    number = web.post("/links", replaces)["id"]
    elements = (element("context", 2), element("outcome", 3))
    stands = web.add(*elements, kind="consolidated", members=[{"member_id": 2}])
    assert f"L{number}: C5 substitutes for C2, on C{stands}" in file(web, "dot", "from=K2")


@pytest.mark.parametrize("form", ["csv", "graphml", "dot", "mermaid", "svg"])
def test_an_answer_without_chains_is_a_file_that_says_so(web: Web, form: str) -> None:
    empty = file(web, form, "from=K7&to=K6")
    assert form == "csv" or "0 chains" in empty


def test_a_reader_may_download_and_an_unknown_kind_is_refused(web: Web, world: World) -> None:
    url = f"{web.base}/chains/file?from=K1&format="
    assert world.door("reader").get(f"{url}dot").status_code == 200
    assert world.door("reader").get(f"{url}gif").status_code == 422


def test_the_page_shows_the_figure_the_steps_and_the_files(web: Web) -> None:
    page = web.door.get("/reviews/trust-and-faith/chains?from=K1&to=K5").text
    assert "<svg " in page
    assert "style=" not in page
    assert "/api/v1/reviews/trust-and-faith/chains/file?from=K1&amp;to=K5&amp;format=svg" in page
    assert page.count('href="/reviews/trust-and-faith/configurations/4"') >= 3
    assert "reinforces" in page
    teach = web.door.get("/reviews/trust-and-faith/chains").text
    assert ("<svg " in teach, "First choose where it starts" in teach) == (False, True)
    unknown = web.door.get("/reviews/trust-and-faith/chains?from=nobody says so").text
    assert "No concept is called that" in unknown


def test_the_page_holds_hostile_words_as_words(nasty: Web) -> None:
    page = nasty.door.get("/reviews/trust-and-faith/chains?from=K1").text
    assert "<script>" not in page
