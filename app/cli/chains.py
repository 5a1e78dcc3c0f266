"""Chains from a terminal: a tree for people, files for programs; and what could join up."""

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.tree import Tree
from sqlalchemy.orm import Session

from app.access.models import UserAccount
from app.access.policy import Right
from app.cli.terminal import (
    As,
    Format,
    FormatOption,
    OneReview,
    Where,
    find_member,
    only_review,
    open_store,
    out,
    parameters,
    show,
)
from app.config import Settings
from app.errors import InvalidError
from app.export.chain_files import bearing_name, joint_name, part_of, step_name
from app.export.chain_formats import ChainFormat, chain_file
from app.export.files import require_folder, whole_file
from app.synthesis.chain_parts import Chain, Chains, Joint, Step
from app.synthesis.chain_telling import many
from app.synthesis.chains import ChainWish
from app.synthesis.chains import chains as ask_chains
from app.synthesis.suggestions import SuggestionWish, suggestions
from app.theory.marks import STATE_MARKS


class Shape(StrEnum):
    """How chains are printed or written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GRAPHML = "graphml"
    DOT = "dot"
    MERMAID = "mermaid"
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


PARAMETER = re.compile(r"\b(raise|lower) (limit|depth|min_support)\b")
BINARY = {Shape.PNG, Shape.PDF}
WISHED = ("from", "to", "through", "possible", "depth", "limit", "min_support")
ENDINGS = {".mmd": Shape.MERMAID, ".gv": Shape.DOT} | {
    f".{shape}": shape for shape in Shape if shape is not Shape.TABLE
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(chains)
    app.command()(possible)


def chains(
    *,
    review: OneReview = None,
    start: Annotated[str | None, typer.Option("--from", help="K8, K8*, K8:high")] = None,
    end: Annotated[str | None, typer.Option("--to", help="K7, K7*, K7:increased")] = None,
    through: Annotated[str | None, typer.Option(help="mechanism, K3 or K3* with narrower")] = None,
    possible: Annotated[bool, typer.Option("--possible", help="suggested links too")] = False,
    depth: Annotated[int, typer.Option(help="the most links a chain may have")] = 6,
    limit: int = 20,
    min_support: Annotated[int, typer.Option(help="least sources of every step")] = 0,
    where: Where = None,
    form: Annotated[
        Shape, typer.Option("--format", "-f", help="a tree, or a kind of file")
    ] = Shape.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="file; its ending says the format")
    ] = None,
    who: As = None,
) -> None:
    """Follow how the outcome of one configuration becomes the context of the next."""
    if not (start or end):
        raise InvalidError("Say where chains start or end, e.g. --from K8 or --to K7:increased.")
    asked = (start, end, through, possible, depth, limit, min_support)
    wish = ChainWish.model_validate(dict(zip(WISHED, asked, strict=True)) | parameters(where or ()))
    shape = _shape_of(output) if output and form is Shape.TABLE else form
    if shape in BINARY and output is None:
        raise InvalidError(f"--format {shape} needs a file: --output chains.{shape}.")
    require_folder(output)
    with open_store(who=who) as (session, user):
        slug = review or only_review(session, user)
        is_read = shape in {Shape.TABLE, Shape.JSON} and not output
        member = find_member(session, user, slug, Right.READ if is_read else Right.EXPORT)
        answer = ask_chains(session, member.review, wish, Settings().link_base)
    if shape is Shape.TABLE:
        print_chains(answer)
    else:
        _write(answer, shape, output, slug)


def _shape_of(output: Path) -> Shape:
    """Return the kind of file that an ending names; 422 when it names none."""
    if output.suffix.lower() not in ENDINGS:
        raise InvalidError(f"{output} does not say what it is: end it in {', '.join(ENDINGS)}.")
    return ENDINGS[output.suffix.lower()]


def _write(answer: Chains, shape: Shape, output: Path | None, slug: str) -> None:
    """Write an answer to a file, or to standard output."""
    if shape is Shape.JSON:
        content = orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    else:
        start = f"{Settings().link_base}/reviews/{slug}"
        content = chain_file(answer, ChainFormat(shape.value), start)
    if output is None:
        sys.stdout.write(content.decode())
    else:
        with whole_file(output) as draft:
            draft.write_bytes(content)
        out.print(f"Wrote {output}: {answer.caption}", soft_wrap=True)


def ask_for_chains(
    session: Session, user: UserAccount, slug: str, form: Format, wish: ChainWish
) -> None:
    """Ask for chains and print them: as a tree for people, whole or link by link for pipes."""
    member = find_member(session, user, slug, Right.READ)
    answer = ask_chains(session, member.review, wish, Settings().link_base)
    if form is Format.TABLE:
        print_chains(answer)
    else:
        _write(answer, Shape(form.value), None, slug)


def print_chains(answer: Chains) -> None:
    """Print chains as a tree: each a branch, with its steps and the links between them."""
    steps = {step.id: step for step in answer.configurations}
    joints = {joint.n: joint for joint in answer.links}
    for i, chain in enumerate(answer.chains, 1):
        tree = Tree(f"{i}  {_worth(chain)}", guide_style="dim")
        for place, number in enumerate(chain.configurations):
            joint = joints[chain.links[place - 1]] if place else None
            if joint:
                tree.add(_link_line(joint))
            tree.add(_step_line(steps[number], chain, place))
        out.print(tree)
    for loop in answer.loops:
        way = " → ".join(f"C{number}" for number in (*loop.configurations, loop.configurations[0]))
        out.print(f"↻ Loop {way}: {loop.turn}")
    for bearing in answer.bearing:
        out.print(bearing_name(bearing), soft_wrap=True)
    out.print(answer.caption, soft_wrap=True)
    if answer.why:
        out.print(_as_options(answer.why), soft_wrap=True)


def _as_options(why: str) -> str:
    """Name what can be raised or lowered as the options of the command."""
    return PARAMETER.sub(lambda found: f"{found[1]} --{found[2].replace('_', '-')}", why)


def _worth(chain: Chain) -> str:
    parts = [
        f"weakest step C{chain.weakest.configuration} ({many(chain.weakest.sources, 'source')})",
        f"{len(chain.consecutive)} witness two steps in a row, {len(chain.whole)} all",
    ]
    odd = {
        "suggested": chain.possible,
        "refuted": chain.refuted,
        "on a reason only": chain.reason_only,
        "opposing": chain.opposing,
        "state open": chain.state_open,
    }
    parts += [f"{count} {name}" for name, count in odd.items() if count]
    return " · ".join(parts)


def _step_line(step: Step, chain: Chain, place: int) -> str:
    figures = step.figures
    against = f" ✕{figures.refuting}" if figures.refuting else ""
    line = f"{step_name(step)}  ✓{figures.supporting}{against}"
    if place == len(chain.configurations) - 1 and chain.ends_with:
        last = part_of(step, chain.ends_with[0])
        line += f" → {last.label} {STATE_MARKS[last.state]}".rstrip() if last else ""
    return line


def _link_line(joint: Joint) -> str:
    if joint.is_possible:
        return f"┄ {joint_name(joint)} ┄ {len(joint.witnesses)} witness both"
    own = "reason only" if joint.is_reason_only else f"✓{joint.supporting}"
    against = f" ✕{joint.refuting}" if joint.refuting else ""
    sign = "✕" if joint.is_refuted else "↓"
    return f"{sign} {joint_name(joint)}  {own}{against}, {len(joint.witnesses)} witness both"


def possible(
    *,
    review: OneReview = None,
    configuration: Annotated[int | None, typer.Option(help="17: at either end")] = None,
    concept: Annotated[str | None, typer.Option(help="shared: K5 or K5* with narrower")] = None,
    limit: int = 50,
    after: Annotated[str | None, typer.Option(help="where the page before ended")] = None,
    form: FormatOption = Format.TABLE,
    who: As = None,
) -> None:
    """List links that are possible and that nobody asserted or refused yet."""
    wish = SuggestionWish(configuration_id=configuration, concept=concept, limit=limit, after=after)
    with open_store(who=who) as (session, user):
        member = find_member(session, user, review or only_review(session, user), Right.READ)
        found = suggestions(session, member.review, wish)
    rows = [
        [
            f"C{item.from_id}.{item.from_element_n}",
            f"C{item.to_id}.{item.to_element_n}",
            item.why,
            len(item.witnesses),
        ]
        for item in found.items
    ]
    show(["from", "to", "why it is possible", "witness both"], rows, form)
    if found.next and form is Format.TABLE:
        out.print(f"There are more: --after {found.next}")
