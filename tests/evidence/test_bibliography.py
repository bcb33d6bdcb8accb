"""Entries of many models and tasks, brought together by paper."""

from __future__ import annotations

from tracker.evidence.bibliography import describe_papers
from tracker.sources.citations import CitedWork

WORK = CitedWork(
    "2405.17428", "A Title of Some Length", ("Lovelace, Ada",), "2024", None, None, None, None
)
PREPRINT = WORK._replace(url="https://arxiv.org/abs/2405.17428", date=None)


def test_a_published_version_adds_its_venue() -> None:
    published = WORK._replace(
        arxiv_id=None, title="A title of some length", date="2025-07", venue="ACL", doi="10.1/a"
    )
    assert describe_papers([WORK, WORK, published]) == {
        "2405.17428": PREPRINT._replace(date="2025-07", venue="ACL", doi="10.1/a")
    }


def test_a_work_of_other_authors_is_another_work() -> None:
    other = WORK._replace(arxiv_id=None, authors=("Turing, Alan",), venue="ACL")
    assert describe_papers([WORK, other]) == {"2405.17428": PREPRINT}


def test_a_short_title_alone_identifies_nothing() -> None:
    short = WORK._replace(title="Embeddings")
    published = short._replace(arxiv_id=None, venue="ACL")
    assert describe_papers([short, published]) == {
        "2405.17428": PREPRINT._replace(title="Embeddings")
    }


def test_the_complete_list_of_authors_counts() -> None:
    partial = WORK._replace(authors=("Lovelace, Ada", "others"))
    whole = WORK._replace(authors=("Lovelace, Ada", "Turing, Alan"))
    found = describe_papers([partial, partial, whole])
    assert found["2405.17428"].authors == ("Lovelace, Ada", "Turing, Alan")


def test_a_damaged_name_counts_only_if_there_is_no_other() -> None:
    damaged = WORK._replace(authors=("Po 'swiata, Rafa l",))
    assert describe_papers([damaged])["2405.17428"].authors == damaged.authors
    assert describe_papers([damaged, damaged, WORK])["2405.17428"].authors == WORK.authors


def test_an_entry_with_a_wrong_id_is_outvoted() -> None:
    wrong = WORK._replace(title="Another Paper Altogether", authors=("Turing, Alan",))
    assert describe_papers([wrong, WORK, WORK]) == {"2405.17428": PREPRINT}
