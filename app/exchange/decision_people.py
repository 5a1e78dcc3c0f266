"""Whose decisions come in: members that a person names, or names who cannot sign in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import Membership, UserAccount
from app.access.service import find_user
from app.errors import FieldProblem, InvalidError
from app.exchange.decision_schemas import PersonRead
from app.library.screening_models import Decision

LONGEST_NUMBER = 10


class People:
    """The people of one file, by the names it has for them.

    A name becomes a member only where `NAME=EMAIL` says so, or where names are to be matched and
    one member is called so: two people may share a name. Otherwise it is the same name without
    sign-in that earlier imports into this review made, or a new one.
    """

    def __init__(
        self, session: Session, member: Member, pairs: Sequence[str], *, match_names: bool = False
    ) -> None:
        self.session, self.member = session, member
        said = dict(self._named(pairs))
        matched = self._matched(said) if match_names else {}
        members = {name: user for name, user in said.items() if user}
        self.numbers = matched | self._placeholders() | members
        self.new: list[str] = []

    def _placeholders(self) -> dict[str, int]:
        """Return those who decided here and cannot sign in."""
        screeners = select(Decision.screener_id).where(Decision.review_id == self.member.review_id)
        rows = select(UserAccount.name, UserAccount.id).where(
            UserAccount.email.is_(None), UserAccount.id.in_(screeners)
        )
        return dict(self.session.execute(rows.order_by(UserAccount.id.desc())).all())

    def _matched(self, said: Mapping[str, int]) -> dict[str, int]:
        """Return the members by names that only one of them has and nothing was said of."""
        rows = self.session.execute(
            select(UserAccount.name, UserAccount.id)
            .join(Membership, Membership.user_id == UserAccount.id)
            .where(Membership.review_id == self.member.review_id, UserAccount.email.is_not(None))
        ).all()
        many = Counter(name for name, _ in rows)
        return {name: user for name, user in rows if many[name] == 1 and name not in said}

    def _named(self, pairs: Sequence[str]) -> Iterator[tuple[str, int]]:
        """Return who each name is said to be; 0 for somebody who is no member."""
        for n, pair in enumerate(pairs):
            name, equals, who = pair.rpartition("=")
            if not equals or not name:
                raise InvalidError(
                    f"person: {pair}: write NAME=EMAIL, e.g. Ana=ana@example.org.",
                    fields=[FieldProblem(f"person.{n}", "no = between name and address")],
                )
            yield name, self._member(n, who) if who else 0

    def _member(self, n: int, who: str) -> int:
        number = (
            int(who)
            if who.isdecimal() and len(who) < LONGEST_NUMBER
            else find_user(self.session, who).id
        )
        if self.session.get(Membership, (self.member.review_id, number)) is None:
            raise InvalidError(
                f"person: {who} is not a member of this review; let them in first.",
                fields=[FieldProblem(f"person.{n}", "not a member of this review")],
            )
        return number

    def number(self, name: str, *, is_preview: bool) -> int:
        """Return the user of a name, made on first use; in a preview 0 for one who would be."""
        if name not in self.numbers:
            self.new.append(name)
            self.numbers[name] = 0 if is_preview else self._add(name)
        return self.numbers[name]

    def _add(self, name: str) -> int:
        person = UserAccount(name=name, email=None, is_active=False)
        self.session.add(person)
        self.session.flush()
        return person.id

    def described(self, decisions: Mapping[str, int]) -> list[PersonRead]:
        """Say who decided how many, by name."""
        return [
            PersonRead(
                name=name,
                user_id=self.numbers[name] or None,
                is_new=name in self.new,
                decisions=many,
            )
            for name, many in sorted(decisions.items())
        ]
