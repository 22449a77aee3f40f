"""The check run of a review on GitHub. Does I/O, through PyGithub's objects, like `reading`.

It is read back by its mark: a run that was killed between two requests goes on where it stopped,
and nothing is annotated twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewer.publish.github.checks import MOST_IN_A_REQUEST, NAME

if TYPE_CHECKING:
    from github import Github
    from github.CheckRun import CheckRun

    from reviewer.flow import PullRequest
    from reviewer.publish.github.attempts import Attempts
    from reviewer.publish.github.checks import Annotation, Check


class CheckRuns:
    """Makes check runs; every method raises the errors of `attempts`."""

    def __init__(self, github: Github, pull_request: PullRequest, attempts: Attempts) -> None:
        self._repository = github.get_repo(pull_request.repository)
        self._attempts = attempts

    def put(self, check: Check) -> None:
        """Make the check run, or finish it; it takes `checks: write`."""
        run = self._find(check)
        first, *rest = check.batches
        if run is None:
            output = _output(check, first)
            state = {"status": "in_progress"} if rest else _ending(check)
            self._attempts.write(
                lambda: self._repository.create_check_run(
                    NAME,
                    check.commit,
                    external_id=check.mark,
                    **state,
                    output=output,
                ),
                landed=lambda: self._find(check) is not None,
            )
            run = self._find(check) if rest else None
        if run is not None and run.status != "completed":
            self._go_on(run, check)

    def _go_on(self, run: CheckRun, check: Check) -> None:
        """Append what is missing, batch by batch; the last one ends the run."""
        done = run.output.annotations_count
        left = check.annotations[done:]
        while True:
            batch, left = left[:MOST_IN_A_REQUEST], left[MOST_IN_A_REQUEST:]
            done += len(batch)
            self._append(run, check, batch, total=done, last=not left)
            if not left:
                return

    def _append(
        self,
        run: CheckRun,
        check: Check,
        batch: tuple[Annotation, ...],
        *,
        total: int,
        last: bool,
    ) -> None:
        ending = _ending(check) if last else {}
        self._attempts.write(
            lambda: run.edit(output=_output(check, batch), **ending),
            landed=lambda: self._has(check, total, last=last),
        )

    def _has(self, check: Check, total: int, *, last: bool) -> bool:
        found = self._find(check)
        return found is not None and (
            found.status == "completed" if last else found.output.annotations_count >= total
        )

    def _find(self, check: Check) -> CheckRun | None:
        def found() -> CheckRun | None:
            runs = self._repository.get_commit(check.commit).get_check_runs(check_name=NAME)
            return next((run for run in runs if run.external_id == check.mark), None)

        return self._attempts.read(found)


def _ending(check: Check) -> dict[str, Any]:
    return {"status": "completed", "conclusion": check.conclusion}


def _output(check: Check, batch: tuple[Annotation, ...]) -> dict[str, Any]:
    return {"title": check.title, "summary": check.summary, "annotations": list(batch)}
