"""What was pushed: rebases, merges of the base, force-pushes; and what need not be asked again."""

from __future__ import annotations

import pytest
from story import EMPTY, LAST, NAME, OPEN, STRANGER, Story, claim, title, titles


def merged_base(story: Story) -> None:
    """Click on "Update branch"."""
    story.move_base({"other.py": "x = 1\n"})
    story.tree.git("merge", "--quiet", "--no-edit", "main")
    story.push()


def rebased(story: Story) -> None:
    story.move_base({"other.py": "x = 1\n"})
    story.tree.git("rebase", "--quiet", "main")
    story.push()


def reworded(story: Story) -> None:
    story.tree.git("commit", "--quiet", "--amend", "--message", "Better words")
    story.push()


def moved_base(story: Story) -> None:
    story.move_base({"other.py": "x = 1\n"})
    story.push()


def rebased_above(story: Story) -> None:
    """Move the lines of the change down."""
    story.move_base({"report.py": "# printed daily\n# and monthly\n" + "x = 1\n" * 9})
    story.tree.git("rebase", "--quiet", "main")
    story.push()


@pytest.mark.parametrize(
    "push",
    [merged_base, rebased, reworded, moved_base, rebased_above, lambda _story: None],
    ids=["update branch", "rebase", "amend", "base moved", "rebase far away", "same head"],
)
def test_a_patch_that_did_not_change_costs_no_call(story: Story, push: object) -> None:
    assert callable(push)
    story.extra["REVIEWER_FAIL_ON"] = "high"
    assert story.review(EMPTY, NAME) == 1
    push(story)

    assert story.run() == 1
    assert story.paid == 1
    assert story.told == titles(EMPTY, NAME)
    assert story.states == {title(EMPTY): OPEN, title(NAME): OPEN}
    assert "No model was asked" in story.summary
    assert "line for line" in story.summary
    assert title(NAME) in story.summary


def test_a_patch_that_did_not_change_passes_the_gate_once_all_is_settled(story: Story) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "high"
    assert story.review(NAME) == 1
    story.dismiss("F1", "every user has a name")
    rebased(story)

    assert story.run() == 0
    assert story.paid == 1


def test_what_could_not_be_seen_whole_does_not_pass_the_gate_for_nothing(story: Story) -> None:
    story.extra["REVIEWER_FAIL_ON"] = "high"
    story.push({"evil.py": b"evil() # \0\n"})
    assert story.review() == 3
    rebased(story)

    assert story.run() == 3
    assert story.paid == 1


def test_after_an_unchanged_round_the_next_push_is_reviewed(story: Story) -> None:
    story.review(NAME)
    rebased(story)
    story.run()
    story.shop("import carts\n", "import carts\n\nRATE = 'x'\n")
    low = claim("shop.py", "RATE = 'x'", title="The rate is a text", severity="low")
    story.review(NAME, low)

    assert story.paid == 2
    assert story.told == titles(NAME, low)


def test_a_change_of_one_character_is_reviewed(story: Story) -> None:
    story.review(NAME)
    story.shop('"Dear "', '"dear "')
    story.review()

    assert story.paid == 2


def test_a_rebase_that_changes_the_patch_is_reviewed_and_tells_nothing_twice(
    story: Story,
) -> None:
    story.review(EMPTY, NAME)
    story.move_base({"other.py": "x = 1\n"})
    story.tree.git("rebase", "--quiet", "main")
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(EMPTY, NAME)

    assert story.paid == 2
    assert story.told == titles(EMPTY, NAME)


def test_a_force_push_to_another_history_tells_nothing_twice(story: Story) -> None:
    story.review(EMPTY, NAME)
    text = (story.tree.folder / "shop.py").read_text()
    story.tree.git("reset", "--quiet", "--hard", "main")
    story.push({"shop.py": text + "\n\nDONE = True\n"}, "All over again")
    done = claim("shop.py", "DONE = True", title="Nothing is done yet", severity="low")
    story.review(EMPTY, NAME, done)

    assert story.told == titles(EMPTY, NAME, done)


def test_when_the_old_head_is_gone_everything_counts_as_new(story: Story) -> None:
    """A runner's fresh clone cannot fetch what a force-push took away."""
    story.review(NAME)
    text = (story.tree.folder / "shop.py").read_text()
    story.tree.git("reset", "--quiet", "--hard", "main")
    story.push({"shop.py": text + "\n\nDONE = True\n"}, "All over again")
    origin = story.folder / "origin.git"
    story.tree.git("-C", str(origin), "update-ref", "-d", "refs/pull/7/head")
    fresh = story.folder / "fresh"
    story.tree.git("clone", "--quiet", "--no-local", "--branch", "topic", str(origin), str(fresh))
    story.tree.git("-C", str(origin), "reflog", "expire", "--expire=now", "--all")
    story.tree.git("-C", str(origin), "gc", "--quiet", "--prune=now")
    story.workspace = fresh
    story.review(NAME, EMPTY)

    assert story.told == titles(NAME, EMPTY)


def test_a_push_during_the_review_loses_and_doubles_nothing(story: Story) -> None:
    story.review(LAST)
    story.push({"carts.py": "SIZE = 1\n"})
    from reviewer.standin import github_faults as faults

    moved = faults.head_moved(lambda: story.push({"carts.py": "SIZE = 2\n"}))
    story.github.fail_next("POST", r".*/reviews", moved)
    story.crash(LAST, NAME)
    story.review(LAST, NAME)

    assert story.told == titles(LAST, NAME)


def test_a_strangers_comment_like_ours_hides_nothing(story: Story) -> None:
    story.review(LAST)
    body = story.comment(title(LAST)).body.replace(title(LAST), title(NAME))
    story.github.add_review_comment(7, STRANGER, body, path="shop.py", line=13)
    story.push({"carts.py": "SIZE = 1\n"})
    story.review(LAST, NAME)

    assert story.told == titles(LAST, NAME)
