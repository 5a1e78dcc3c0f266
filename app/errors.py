"""The one family of errors: a class is its HTTP answer (problem details, RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.complaints import explain, place_of


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that was not accepted: where (JSON pointer or parameter), why, and the remedy."""

    field: str
    message: str


class AppError(Exception):
    """Anything we refuse; `code` is stable and documented in `docs/errors.md`."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        fields: Sequence[FieldProblem] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = tuple(fields)
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def problem(self) -> dict[str, Any]:
        """Return the body of the answer, `application/problem+json`."""
        body: dict[str, Any] = {
            "type": f"/docs/errors#{self.code}",
            "title": self.code.replace("_", " "),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.fields:
            body["errors"] = [{"field": f.field, "message": f.message} for f in self.fields]
        return body | self.extra


class BadRequestError(AppError):
    """The request cannot be read at all."""


class UnauthenticatedError(AppError):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    status = 401
    code = "not_signed_in"


class ForbiddenError(AppError):
    """A member lacks a right; the message names the role needed."""

    status = 403
    code = "forbidden"


class BlindedError(ForbiddenError):
    """Another screener's decision is hidden until two people have decided."""

    code = "blinded"


class CrossOriginError(AppError):
    """A browser sent a change from a page that is not ours."""

    status = 403
    code = "cross_origin"


class NotFoundError(AppError):
    """There is no such thing, or it is not yours to see: the two answers never differ."""

    status = 404
    code = "not_found"


class MethodError(AppError):
    """The address exists and does not take this method."""

    status = 405
    code = "method_not_allowed"


class ConflictError(AppError):
    """The change does not fit what is there now."""

    status = 409
    code = "conflict"


class StillInUseError(ConflictError):
    """Something else refers to the thing; the message lists what."""

    code = "still_in_use"


class TakenError(ConflictError):
    """A name that must be unique is taken already."""

    code = "already_taken"


class NamesFoundError(ConflictError):
    """A transcript has names that have pseudonyms; nothing is kept until a person says how."""

    code = "names_found"


class MergeWarningError(ConflictError):
    """Two concepts differ in referent or level; `warnings` lists how, and a person decides."""

    code = "merge_warning"


class UndoConflictError(ConflictError):
    """Later changes touched the same rows; they are listed in `blocking`."""

    code = "undo_conflict"


class KeyReusedError(ConflictError):
    """An Idempotency-Key came again with another request."""

    code = "idempotency_key_reused"


class GoneError(AppError):
    """The thing was deleted; its number is never given again and `restore` says how to undo it."""

    status = 410
    code = "gone"


class StaleError(AppError):
    """Somebody else changed it meanwhile; `current_version` is what to read again."""

    status = 412
    code = "stale_version"


class TooLargeError(AppError):
    """The body is over the limit of this installation."""

    status = 413
    code = "too_large"


class MediaTypeError(AppError):
    """The body is of a kind this operation does not read."""

    status = 415
    code = "unsupported_media_type"


class InvalidError(AppError):
    """The request was read and does not make sense; `errors` names each field and remedy."""

    status = 422
    code = "invalid"


class CycleError(InvalidError):
    """The change would make a concept its own ancestor."""

    code = "concept_cycle"


class BadEncodingError(InvalidError):
    """A text file is not in the encoding it seems to be in; the message names the byte."""

    code = "bad_encoding"


class UnreadableDocumentError(InvalidError):
    """No text can be taken out of a file; `reason` is one word, the message says what helps."""

    code = "unreadable_document"


class NotationProblemError(InvalidError):
    """The inline notation cannot be read; `position` is a code point."""

    code = "notation"


class QueryProblemError(InvalidError):
    """What is to be searched for cannot be read; `position` counts characters from 1."""

    code = "bad_query"


class ArchiveError(InvalidError):
    """An archive is broken, hostile or does not fit together; file, line and remedy are named."""

    code = "bad_archive"


class NewerArchiveError(ArchiveError):
    """The archive was written by a later version of this program."""

    code = "archive_too_new"


class ArchiveConflictError(ConflictError):
    """The archive and the review here changed the same things; they are listed in `conflicts`."""

    code = "archive_conflict"


class VersionRequiredError(AppError):
    """A change of an aggregate came without `If-Match`."""

    status = 428
    code = "version_required"


class TooManyRequestsError(AppError):
    """Too many attempts; `Retry-After` says when to try again."""

    status = 429
    code = "too_many_requests"


class SchemaError(AppError):
    """The database does not have the schema this version needs; the message names the remedy."""

    status = 503
    code = "schema_outdated"


class ToolError(AppError):
    """A program of PostgreSQL's that this one needs is missing, or failed; the message says how."""

    status = 503
    code = "tool_failed"


class BusyError(AppError):
    """The database is locked, full or away; nothing was changed."""

    status = 503
    code = "busy"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Retry-After": "2"})


class UnexpectedError(AppError):
    """A fault of ours; the request id finds it in the logs."""

    status = 500
    code = "unexpected"


def invalid(errors: Sequence[Mapping[str, Any]]) -> AppError:
    """Turn what pydantic found into one error naming every field."""
    if any(error["type"] == "json_invalid" for error in errors):
        place = errors[0]["loc"][-1]
        return BadRequestError(f"The body is not JSON: {errors[0]['ctx']['error']} at {place}.")
    fields = [
        FieldProblem(".".join(str(part) for part in place_of(error)), explain(error))
        for error in errors
    ]
    first = fields[0]
    more = f" ({len(fields) - 1} more)" if len(fields) > 1 else ""
    return InvalidError(f"{first.field}: {first.message}{more}", fields=fields)
