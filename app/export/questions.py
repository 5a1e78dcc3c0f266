"""The questions that can be kept as a saved view: one line each."""

from app.export.evidence_table import EvidenceTableWish
from app.library.schemas import SourceFilter
from app.synthesis.chains import ChainWish
from app.synthesis.matrix import MatrixWish
from app.theory.listing import ConfigurationWish
from app.theory.view_models import ViewKind
from app.theory.views import Question, Questions

QUESTIONS: Questions = {
    ViewKind.SOURCES: Question(SourceFilter, "sources", "sources"),
    ViewKind.CONFIGURATIONS: Question(ConfigurationWish, "configurations", "configurations"),
    ViewKind.MATRIX: Question(MatrixWish, "matrix", "matrix"),
    ViewKind.CHAINS: Question(ChainWish, "chains", "chains"),
    ViewKind.EVIDENCE: Question(EvidenceTableWish, "evidence-table", "evidence"),
}
