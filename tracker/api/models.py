"""Questions about models: what is known of one, of several side by side, of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker.api.questions import Questions
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When
from tracker.errors import UsageError
from tracker.insights.boards.query import BoardQuery

with deferred_imports(globals()):
    import polars as pl

    from tracker.answers.boards import PairedDifference
    from tracker.answers.frames import frame_of
    from tracker.answers.lineage import Lineage
    from tracker.answers.models import Claim, Comparison, Model
    from tracker.answers.organisations import Organisation
    from tracker.insights.boards.board import read_board
    from tracker.insights.boards.differences import read_differences
    from tracker.insights.methods import evidence, techniques
    from tracker.insights.models import claims, lineage, organisations
    from tracker.insights.models.compare import compare_models
    from tracker.insights.models.model import read_models, read_summaries
    from tracker.insights.models.names import find_model, read_names


class ModelQuestions(Questions):
    """Models, their facts and their self-reported scores."""

    def models(
        self,
        *,
        organisation: str | None = None,
        pooling: str | None = None,
        technique: str | None = None,
        objective: str | None = None,
        base: str | None = None,
        trained_on: str | None = None,
    ) -> pl.DataFrame:
        """Models: name, organisation, size, dimensions, licence and where they stand.

        Args:
            organisation: Only models of this organisation and of its parts: its slug, a name in
                either language, an alias or an account, such as ``tencent``, ``腾讯`` or ``BAAI``.
            pooling: Slug or label of a pooling, in either language.
            technique: The same of any term of the vocabulary.
            objective: The same of a training objective.
            base: Part of the name of the base model.
            trained_on: Slug, name or alias of a dataset, by anyone's word.

        Raises:
            NotFoundError: A condition names nothing that is known; the nearest are suggested.
        """
        wanted = techniques.Filter(pooling, technique, objective, base, trained_on)
        names = techniques.matching_models(self._reader, wanted)
        own = frozenset(self.organisation(organisation).models) if organisation else None
        found = [
            model
            for model in read_summaries(self._reader)
            if (own is None or model.name in own) and (names is None or model.name in names)
        ]
        return frame_of("models", found)

    def organisation(self, name: str) -> Organisation:
        """One organisation with its models.

        Args:
            name: Its slug, a name in either language, an alias, or an account on the Hub.

        Raises:
            NotFoundError: Nothing has that name; the nearest are suggested.
        """
        return organisations.find_organisation(self._reader, name)

    def organisation_list(self) -> tuple[Organisation, ...]:
        """All organisations that have an entry, by slug."""
        return organisations.read_organisations(self._reader)

    def organisations(self) -> pl.DataFrame:
        """The same as a frame."""
        return frame_of("organisations", self.organisation_list())

    def model_names(self) -> tuple[str, ...]:
        """Public ids of all models."""
        return tuple(row.name for row in read_names(self._reader).values())

    def model(self, name: str) -> Model:
        """All that is known of one model.

        Raises:
            NotFoundError: There is no such model; the nearest names are suggested.
        """
        found = find_model(self._reader, name)
        return next(read_models(self._reader, found.id))

    def all_models(self) -> Iterator[Model]:
        """All models by name."""
        return read_models(self._reader)

    def lineage(self, model: str) -> Lineage:
        """What a model was made of, what was made of it, and the training data that it inherits.

        Raises:
            NotFoundError: There is no such model; the nearest names are suggested.
        """
        return lineage.read_lineage(self._reader, model)

    def all_lineages(self) -> Mapping[str, Lineage]:
        """The lineages of all models that have relatives, by public id."""
        return lineage.read_all_lineages(self._reader)

    def evidence(self, model: str) -> pl.DataFrame:
        """All that is said of a model's method, curated or read in its texts, with receipts."""
        return frame_of("evidence", evidence.read_evidence(self._reader, model))

    def claim_list(self, model: str) -> tuple[Claim, ...]:
        """Where a model has a self-reported score and a run of the same data, now or ever.

        Raises:
            NoDataError: The catalog has no result files.
            NotFoundError: There is no such model; the nearest names are suggested.
        """
        return claims.read_claims(self._reader, model)

    def claims(self, model: str) -> pl.DataFrame:
        """The same as a frame, the largest difference first."""
        return frame_of("claims", self.claim_list(model))

    def all_claims(self) -> Iterator[tuple[str, tuple[Claim, ...]]]:
        """The claims of every model that has any, by its public id."""
        return claims.read_all_claims(self._reader)

    def comparison(
        self, *names: str, board: str | None = None, as_of: When = None, language: str = "en"
    ) -> Comparison:
        """Two or more models side by side: what differs first, then what they share.

        Args:
            names: Public ids.
            board: Adds rank and means on this board, and the paired difference of each model to
                the first one; by default no board is shown.
            as_of: The date for the board.
            language: ``en`` or ``zh``, for the words of facts.

        Raises:
            UsageError: Fewer than two different models.
            NotFoundError: There is no such model or board.
        """
        found = [self.model(name) for name in names]
        if len({model.name for model in found}) < 2:
            raise UsageError("compare needs two different models", remedy="name another one")
        shown = read_board(self._reader, BoardQuery(board, as_of)) if board else None
        paired: tuple[PairedDifference, ...] = ()
        if board:
            first, *others = (model.name for model in found)
            paired = read_differences(self._reader, first, others, BoardQuery(board, as_of))
        return compare_models(found, shown, language, paired)

    def compare(
        self, *names: str, board: str | None = None, as_of: When = None, language: str = "en"
    ) -> pl.DataFrame:
        """The same as a frame: one row a property, one column a model."""
        found = self.comparison(*names, board=board, as_of=as_of, language=language)
        return found.to_polars()
