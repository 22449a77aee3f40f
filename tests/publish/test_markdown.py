from __future__ import annotations

from publish.made import located, placed, review

from reviewer.flow import InSummary
from reviewer.publish.documents.markdown import job_summary, report


def test_the_report_tells_every_finding_and_shows_the_code_of_its_evidence() -> None:
    page = report(
        review(
            placed("F1", evidence=(located("b.py", 2, side=None, lines=("call()",)),)),
            placed("F2", anchor=InSummary(why="deep")),
            collapsed=(placed("F3"),),
            pre_existing=(placed("F4"),),
        )
    )

    assert [n for n in range(1, 5) if f"Explanation of F{n}." in page] == [1, 2, 3, 4]
    assert "call()" in page


def test_a_job_summary_is_within_one_mebibyte() -> None:
    many = [placed(f"F{n}", explanation="語\n" * 5_000) for n in range(1, 70)]
    page = job_summary(review(*many))

    assert len(page.encode()) <= 2**20
    assert "*(cut here: " in page
