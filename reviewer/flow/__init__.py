"""Every value that travels, in the order it travels. Pure.

source    what is reviewed
diff      what changed
index     what a file defines and uses
pack      what is shown
ask       what is sent, what comes back
batch     what is told of many requests that were sent at once
judge     what is claimed, what holds
outside   what other tools report
money     what it costs
keeping   what it costs to keep the prompt cache warm
past      what was merged, and when it was pushed
replay    what that would have cost
rounds    what was told in earlier rounds
publish   what is published and kept
texts     shapes of text that is written into links and markers

Lines count from 1 and ranges include both ends. A tree or commit is named by its 40-hex id.
A path is relative to the repository root with forward slashes; a name that is not UTF-8 is
percent-encoded (`TreeEntry.percent_encoded`). "Not done" is a value with a reason.
"""

from __future__ import annotations

from reviewer.flow.ask import Attempt, CacheMiss, CacheMissKind, ModelFacts, Reply, Request, Usage
from reviewer.flow.batch import BatchTold, Result, ResultKind, Unheard
from reviewer.flow.diff import DiffLine, FileDiff, FileStatus, Hunk, Side
from reviewer.flow.index import (
    Call,
    Definition,
    Import,
    Mention,
    Parameter,
    ParameterKind,
    References,
    SymbolKind,
    Symbols,
    Unparsed,
)
from reviewer.flow.judge import (
    Again,
    Answer,
    Category,
    ClaimKind,
    Confidence,
    Evidence,
    FileLevel,
    Finding,
    Inline,
    InSummary,
    KnownFinding,
    Located,
    Match,
    Origin,
    Placed,
    Proven,
    Rejected,
    Ruling,
    SecondLook,
    Severity,
)
from reviewer.flow.keeping import Spending, WarmRecord
from reviewer.flow.money import Activity, Cost, Estimate
from reviewer.flow.outside import Elsewhere, Reported
from reviewer.flow.pack import (
    SENDABLE,
    Block,
    ChangedFile,
    FileClass,
    Level,
    Neighbour,
    Outline,
    Pack,
    PackedFile,
    ProjectRule,
    ProjectRules,
    RelatedFile,
    RuleUse,
    Snapshot,
    Text,
    Verdict,
)
from reviewer.flow.past import Merged, Past, Tip
from reviewer.flow.publish import Coverage, NotReviewed, Receipt, Review, Run
from reviewer.flow.replay import Outcome, Quote, Replayed
from reviewer.flow.rounds import Bill, History, Known, Ledger, Said, State, Where
from reviewer.flow.source import Audit, Change, PullRequest, Step, Trail, TreeEntry

__all__ = [
    "SENDABLE",
    "Activity",
    "Again",
    "Answer",
    "Attempt",
    "Audit",
    "BatchTold",
    "Bill",
    "Block",
    "CacheMiss",
    "CacheMissKind",
    "Call",
    "Category",
    "Change",
    "ChangedFile",
    "ClaimKind",
    "Confidence",
    "Cost",
    "Coverage",
    "Definition",
    "DiffLine",
    "Elsewhere",
    "Estimate",
    "Evidence",
    "FileClass",
    "FileDiff",
    "FileLevel",
    "FileStatus",
    "Finding",
    "History",
    "Hunk",
    "Import",
    "InSummary",
    "Inline",
    "Known",
    "KnownFinding",
    "Ledger",
    "Level",
    "Located",
    "Match",
    "Mention",
    "Merged",
    "ModelFacts",
    "Neighbour",
    "NotReviewed",
    "Origin",
    "Outcome",
    "Outline",
    "Pack",
    "PackedFile",
    "Parameter",
    "ParameterKind",
    "Past",
    "Placed",
    "ProjectRule",
    "ProjectRules",
    "Proven",
    "PullRequest",
    "Quote",
    "Receipt",
    "References",
    "Rejected",
    "RelatedFile",
    "Replayed",
    "Reply",
    "Reported",
    "Request",
    "Result",
    "ResultKind",
    "Review",
    "RuleUse",
    "Ruling",
    "Run",
    "Said",
    "SecondLook",
    "Severity",
    "Side",
    "Snapshot",
    "Spending",
    "State",
    "Step",
    "SymbolKind",
    "Symbols",
    "Text",
    "Tip",
    "Trail",
    "TreeEntry",
    "Unheard",
    "Unparsed",
    "Usage",
    "Verdict",
    "WarmRecord",
    "Where",
]
