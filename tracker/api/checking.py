"""Questions about texts: whether what they say is true."""

from __future__ import annotations

from tracker.api.questions import Questions
from tracker.common.deferred_imports import deferred_imports
from tracker.common.times import When

with deferred_imports(globals()):
    from tracker.answers.checking import CheckedText
    from tracker.factcheck.checker import check_text


class CheckingQuestions(Questions):
    """Texts and what they say about models and boards."""

    def check(self, text: str, *, date: When = None) -> CheckedText:
        """Find the statements of a text about models and boards, and judge each.

        Args:
            text: Markdown, HTML or plain text in English or Chinese; nothing in it is followed.
            date: The text's date; by default the one that it gives for itself.

        Returns:
            The statements in their order, and the days on which all ranks held together.

        Raises:
            UsageError: The text is too long, or the date is no date.
        """
        return check_text(self._reader, text, date)
