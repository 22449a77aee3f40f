"""The part of GitHub's GraphQL schema that a reviewer needs, in its own language. Pure.

Source: npm @octokit/graphql-schema 15.26.1; types and fields are a selection, their spelling,
arguments and nullability are GitHub's. The `first`, `last`, `after` and `before` of a connection
are all of its arguments here.
"""

from __future__ import annotations

from reviewer.standin.github_graphql import parse_schema

_PAGES = "after: String, before: String, first: Int, last: Int"

SCHEMA = parse_schema(
    """
type Query {
  viewer: User!
  node(id: ID!): Node
  repository(owner: String!, name: String!, followRenames: Boolean): Repository
}

type Mutation {
  resolveReviewThread(input: ResolveReviewThreadInput!): ResolveReviewThreadPayload
  unresolveReviewThread(input: UnresolveReviewThreadInput!): UnresolveReviewThreadPayload
  minimizeComment(input: MinimizeCommentInput!): MinimizeCommentPayload
  unminimizeComment(input: UnminimizeCommentInput!): UnminimizeCommentPayload
}

input ResolveReviewThreadInput { clientMutationId: String, threadId: ID! }
input UnresolveReviewThreadInput { clientMutationId: String, threadId: ID! }
input MinimizeCommentInput {
  classifier: ReportedContentClassifiers!, clientMutationId: String, subjectId: ID!
}
input UnminimizeCommentInput { clientMutationId: String, subjectId: ID! }

type ResolveReviewThreadPayload { clientMutationId: String, thread: PullRequestReviewThread }
type UnresolveReviewThreadPayload { clientMutationId: String, thread: PullRequestReviewThread }
type MinimizeCommentPayload { clientMutationId: String, minimizedComment: Minimizable }
type UnminimizeCommentPayload { clientMutationId: String, unminimizedComment: Minimizable }

enum ReportedContentClassifiers { ABUSE DUPLICATE OFF_TOPIC OUTDATED RESOLVED SPAM }
enum PullRequestReviewThreadSubjectType { FILE LINE }
enum PullRequestReviewCommentState { PENDING SUBMITTED }
enum PullRequestReviewState { APPROVED CHANGES_REQUESTED COMMENTED DISMISSED PENDING }
enum DiffSide { LEFT RIGHT }

interface Node { id: ID! }
interface Actor { login: String! }
interface Minimizable { isMinimized: Boolean!, minimizedReason: String }

type User implements Actor & Node { id: ID!, login: String!, databaseId: Int }
type Bot implements Actor & Node { id: ID!, login: String!, databaseId: Int }
type Commit implements Node { id: ID!, oid: GitObjectID! }

type Repository implements Node {
  id: ID!
  nameWithOwner: String!
  pullRequest(number: Int!): PullRequest
}

type PullRequest implements Node {
  id: ID!
  number: Int!
  title: String!
  body: String!
  isDraft: Boolean!
  author: Actor
  baseRefName: String!
  baseRefOid: GitObjectID!
  headRefName: String!
  headRefOid: GitObjectID!
  comments(PAGES): IssueCommentConnection!
  reviews(PAGES): PullRequestReviewConnection
  reviewThreads(PAGES): PullRequestReviewThreadConnection!
}

type PageInfo {
  endCursor: String, hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String
}
type IssueCommentConnection {
  nodes: [IssueComment], pageInfo: PageInfo!, totalCount: Int!
}
type PullRequestReviewConnection {
  nodes: [PullRequestReview], pageInfo: PageInfo!, totalCount: Int!
}
type PullRequestReviewThreadConnection {
  nodes: [PullRequestReviewThread], pageInfo: PageInfo!, totalCount: Int!
}
type PullRequestReviewCommentConnection {
  nodes: [PullRequestReviewComment], pageInfo: PageInfo!, totalCount: Int!
}

type PullRequestReviewThread implements Node {
  id: ID!
  isResolved: Boolean!
  isOutdated: Boolean!
  isCollapsed: Boolean!
  path: String!
  line: Int
  startLine: Int
  originalLine: Int
  originalStartLine: Int
  diffSide: DiffSide!
  startDiffSide: DiffSide
  subjectType: PullRequestReviewThreadSubjectType!
  viewerCanResolve: Boolean!
  viewerCanUnresolve: Boolean!
  resolvedBy: User
  comments(PAGES): PullRequestReviewCommentConnection!
}

type PullRequestReviewComment implements Minimizable & Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  author: Actor
  editor: Actor
  body: String!
  path: String!
  line: Int
  startLine: Int
  originalLine: Int
  originalStartLine: Int
  outdated: Boolean!
  isMinimized: Boolean!
  minimizedReason: String
  subjectType: PullRequestReviewThreadSubjectType!
  state: PullRequestReviewCommentState!
  createdAt: DateTime!
  updatedAt: DateTime!
  commit: Commit
  originalCommit: Commit
  replyTo: PullRequestReviewComment
  pullRequestReview: PullRequestReview
}

type PullRequestReview implements Minimizable & Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  author: Actor
  editor: Actor
  body: String!
  state: PullRequestReviewState!
  submittedAt: DateTime
  isMinimized: Boolean!
  minimizedReason: String
  commit: Commit
}

type IssueComment implements Minimizable & Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: BigInt
  author: Actor
  editor: Actor
  body: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  isMinimized: Boolean!
  minimizedReason: String
}
""".replace("PAGES", _PAGES)
)

SCALARS: dict[str, tuple[type, ...]] = {
    "Int": (int,),
    "String": (str,),
    "ID": (str, int),
    "Boolean": (bool,),
    "DateTime": (str,),
    "BigInt": (str,),
    "GitObjectID": (str,),
}
"""What JSON has for a scalar; `BigInt` goes as a string."""
