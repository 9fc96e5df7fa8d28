// Where the emulator differs from GitHub in what it stores, its source is corrected while it is loaded.
//
// Each correction replaces a text that stands once in the pinned release, or as often as it says; another release fails
// loudly.

import { registerHooks } from "node:module";

const HELPERS = `
// An open pull request follows its branches; it is closed when its head is gone.
function followed(gh, pr) {
  if (!pr || pr.state !== "open") return pr;
  const [headRepo, baseRepo] = [gh.repos.get(pr.head_repo_id), gh.repos.get(pr.base_repo_id)];
  const head = headRepo && findBranch(gh, headRepo, pr.head_ref);
  const base = findBranch(gh, baseRepo, pr.base_ref);
  const issue = findPrIssue(gh, pr.repo_id, pr.number);
  if (!head || issue?.state === "closed") {
    const closed = { state: "closed", closed_at: timestamp() };
    if (issue) gh.issues.update(issue.id, closed);
    return gh.pullRequests.update(pr.id, closed);
  }
  if (headRepo.id !== baseRepo.id) copyObjects(gh, headRepo, baseRepo);
  const now = { ...pr, head_sha: head.sha, base_sha: base?.sha ?? pr.base_sha };
  const commits = commitsOfPull(gh, baseRepo, now.head_sha, now.base_sha).length;
  const mergeable = !merging(gh, baseRepo, now).conflict;
  const mergeable_state = mergeable ? "clean" : "dirty";
  return gh.pullRequests.update(pr.id, { ...now, commits, mergeable, mergeable_state });
}

// What a merge would change in the base, and whether both sides changed one file differently.
function merging(gh, repo, pr) {
  const base = findCommitBySha(gh, repo.id, pr.base_sha);
  const head = findCommitBySha(gh, repo.id, pr.head_sha);
  const from = findMergeBase(gh, repo.id, pr.base_sha, pr.head_sha);
  const [ours, theirs, old] = [base, head, from].map((commit) => flattenTree(gh, repo.id, commit?.tree_sha).blobs);
  const paths = [...new Set([...old.keys(), ...theirs.keys()])];
  const changed = paths.filter((path) => old.get(path)?.sha !== theirs.get(path)?.sha);
  const updates = changed.map((path) => ({ path, mode: "100644", type: "blob", sha: null, ...theirs.get(path) }));
  const torn = (path) => ![old.get(path)?.sha, theirs.get(path)?.sha].includes(ours.get(path)?.sha);
  return { conflict: changed.some(torn), base, updates };
}

function mergedTree(gh, repo, pr) {
  const { conflict, base, updates } = merging(gh, repo, pr);
  if (conflict) throw new ApiError(405, "Pull Request is not mergeable");
  return persistGitTreeHierarchy(gh, repo.id, base.tree_sha, updates).sha;
}

// What the head has and the base has not, oldest first.
function commitsOfPull(gh, repo, headSha, baseSha) {
  const known = new Set(listAncestors(gh, repo.id, baseSha).map((commit) => commit.sha));
  return listAncestors(gh, repo.id, headSha).filter((commit) => !known.has(commit.sha)).reverse();
}

// Forks share their objects with the repository they were made from.
function copyObjects(gh, from, to) {
  for (const kind of [gh.blobs, gh.trees, gh.commits]) {
    const there = new Set(kind.findBy("repo_id", to.id).map((row) => row.sha));
    for (const row of kind.findBy("repo_id", from.id)) {
      if (!there.has(row.sha)) copyRow(kind, row, to);
    }
  }
}

function copyHistory(gh, from, to) {
  copyObjects(gh, from, to);
  for (const kind of [gh.refs, gh.branches]) {
    for (const row of kind.findBy("repo_id", from.id)) copyRow(kind, row, to);
  }
}

function copyRow(kind, row, to) {
  const { id, ...rest } = row;
  kind.insert({ ...rest, repo_id: to.id });
}

function filesOfPull(c, gh, pr, baseUrl) {
  const repo = gh.repos.get(pr.base_repo_id);
  const base = findMergeBase(gh, repo.id, pr.base_sha, pr.head_sha);
  const head = findCommitBySha(gh, repo.id, pr.head_sha);
  const files = diffTrees(gh, repo.id, base?.tree_sha, head.tree_sha);
  const { page, per_page } = parsePagination(c);
  setLinkHeader(c, files.length, page, per_page);
  const shown = files.slice((page - 1) * per_page, page * per_page);
  return shown.map((file) => formatFileDiff(file, repo, base?.sha, pr.head_sha, baseUrl));
}

// The answer to a pull request that cannot be: with no such head, with nothing in it, or a second one.
function refusedPull(gh, repo, headRepo, headRef, baseRef) {
  const refusal = (error) => ({
    message: "Validation Failed",
    errors: [{ resource: "PullRequest", ...error }],
    documentation_url: "https://docs.github.com/rest/pulls/pulls#create-a-pull-request",
    status: "422"
  });
  const [head, base] = [findBranch(gh, headRepo, headRef), findBranch(gh, repo, baseRef)];
  if (!head) return refusal({ field: "head", code: "invalid" });
  if (!base) return refusal({ field: "base", code: "invalid" });
  const same = (pr) =>
    pr.state === "open" && pr.head_repo_id === headRepo.id && pr.head_ref === headRef && pr.base_ref === baseRef;
  if (gh.pullRequests.findBy("repo_id", repo.id).some((pr) => same(followed(gh, pr)))) {
    const message = "A pull request already exists for " + ownerLoginOf(gh, headRepo) + ":" + headRef + ".";
    return refusal({ code: "custom", message });
  }
  if (headRepo.id !== repo.id) copyObjects(gh, headRepo, repo);
  if (commitsOfPull(gh, repo, head.sha, base.sha).length === 0) {
    return refusal({ code: "custom", message: "No commits between " + baseRef + " and " + headRef });
  }
}

// The answer to a review that comments on what the diff does not show; nothing of it is kept.
function refusedReview(gh, pr, review) {
  const refusal = (error) => ({
    message: "Unprocessable Entity",
    errors: [error],
    documentation_url: "https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request",
    status: "422"
  });
  const repo = gh.repos.get(pr.base_repo_id);
  const base = findMergeBase(gh, repo.id, pr.base_sha, pr.head_sha);
  const files = diffTrees(gh, repo.id, base?.tree_sha, findCommitBySha(gh, repo.id, pr.head_sha).tree_sha);
  for (const { path, line, start_line } of review.comments ?? []) {
    const file = files.find((one) => one.filename === path);
    if (!file) return refusal("Path could not be resolved");
    const lines = shownLines(file.patch ?? "");
    if (!lines.has(line)) return refusal("Line could not be resolved");
    if (start_line !== undefined && !(start_line < line && lines.has(start_line))) {
      return refusal("Start line could not be resolved");
    }
  }
}

// The lines of the file after it that a diff shows.
function shownLines(patch) {
  const lines = new Set();
  for (const [, first, count] of patch.matchAll(/^@@ -\\S+ \\+(\\d+)(?:,(\\d+))? @@/gm)) {
    for (let line = Number(first); line < Number(first) + Number(count ?? 1); line += 1) lines.add(line);
  }
  return lines;
}

// A pull request is an issue too: what changes in one changes in the other.
function changedIssue(gh, issue, patch) {
  const pr = issue.is_pull_request && gh.pullRequests.findBy("repo_id", issue.repo_id).find((p) => p.number === issue.number);
  const { title, body, state } = patch;
  const closed_at = { open: null, closed: timestamp() }[state];
  const changes = Object.entries({ title, body, state, closed_at }).filter(([, value]) => value !== undefined);
  if (pr) gh.pullRequests.update(pr.id, Object.fromEntries(changes));
  return gh.issues.update(issue.id, patch);
}

function partOfIssue(store, issue, repoUrl) {
  const pr = store.pullRequests.findBy("repo_id", issue.repo_id).find((p) => p.number === issue.number);
  return { url: repoUrl + "/pulls/" + issue.number, merged_at: pr?.merged_at ?? null };
}

function issuesOf(gh, repo) {
  gh.pullRequests.findBy("repo_id", repo.id).forEach((pr) => followed(gh, pr));
  return gh.issues.findBy("repo_id", repo.id);
}

// GitHub signs what a bot commits through its interface.
function verification(commit) {
  const verified = commit.author_email.endsWith("[bot]@users.noreply.github.com");
  const signature = verified ? "-----BEGIN PGP SIGNATURE-----\\n\\n-----END PGP SIGNATURE-----\\n" : null;
  const reason = verified ? "valid" : "unsigned";
  return { verified, reason, signature, payload: verified ? "tree " + commit.tree_sha : null, verified_at: null };
}
`;

const FIND_PULL = `function findPull(gh, repoId, pullNumber) {
  return gh.pullRequests.findBy("repo_id", repoId).find((p) => p.number === pullNumber);
`;

const HEAD_COMMIT =
  `const headCommit = gh.commits.findBy("repo_id", headRepo.id).find((x) => x.sha === pr.head_sha);\n`;

const UNSIGNED = `verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null }`;

const CORRECTIONS = [
  [FIND_PULL, `${HELPERS}\n${FIND_PULL.replace("return ", "return followed(gh, ").replace("pullNumber);", "pullNumber));")}`],
  ["let list = gh.pullRequests.findBy(\"repo_id\", repo.id);\n", "let list = gh.pullRequests.findBy(\"repo_id\", repo.id).map((pr) => followed(gh, pr));\n"],
  ["const chain = walkCommitsToBase(gh, headRepo, pr.head_sha, pr.base_sha);\n", "const chain = commitsOfPull(gh, repo, pr.head_sha, pr.base_sha);\n"],
  ["slice.map((commit) => formatCommitApi(commit, headRepo, baseUrl))", "slice.map((commit) => formatCommitItem(gh, repo, commit, baseUrl))"],
  ["const { page, per_page } = parsePagination(c);\n    const n = pr.changed_files;\n", "return c.json(filesOfPull(c, gh, pr, baseUrl));\n    const { page, per_page } = parsePagination(c);\n    const n = 0;\n"],
  ["const authUser = c.get(\"authUser\");\n    assertBranchCreationAllowed(gh, authUser, headRepo, headRef);\n", "const authUser = c.get(\"authUser\");\n    const refused = refusedPull(gh, repo, headRepo, headRef, baseRef);\n    if (refused) return c.json(refused, 422);\n    assertBranchCreationAllowed(gh, authUser, headRepo, headRef);\n"],
  ["const commitCount = countCommitsBetween(gh, headRepo, headBranch.sha, baseBranch.sha);", "const commitCount = commitsOfPull(gh, repo, headBranch.sha, baseBranch.sha).length;"],
  [`${HEAD_COMMIT}    if (!baseCommit || !headCommit) {`, `${HEAD_COMMIT.replace("headCommit", "found")}    const headCommit = found && { ...found, tree_sha: mergedTree(gh, baseRepo, pr) };\n    if (!baseCommit || !headCommit) {`],
  ["let list = gh.issues.findBy(\"repo_id\", repo.id).filter((i) => !i.is_pull_request);", "let list = issuesOf(gh, repo);"],
  ["i.number === issueNumber && !i.is_pull_request", "i.number === issueNumber"],
  ["if (!issue || issue.is_pull_request) throw notFound();", "if (!issue) throw notFound();", 7],
  ["return {\n    url: `${repoUrl}/issues/${issue.number}`,\n    repository_url", "return {\n    ...(issue.is_pull_request ? { pull_request: partOfIssue(store, issue, repoUrl) } : {}),\n    url: `${repoUrl}/issues/${issue.number}`,\n    repository_url"],
  ["seedInitialGit(gh, gh.repos.get(repo.id), user, parent.full_name);", "copyHistory(gh, parent, gh.repos.get(repo.id));"],
  [`comment_count: commentCount,\n      ${UNSIGNED}`, "comment_count: commentCount,\n      verification: verification(c)"],
  [`html_url: \`\${baseUrl}/\${repo.full_name}/commit/\${sha}\`\n    })),\n    ${UNSIGNED}`, "html_url: `${baseUrl}/${repo.full_name}/commit/${sha}`\n    })),\n    verification: verification(c)"],
  ["const updated = gh.issues.update(issue.id, patch);", "const updated = changedIssue(gh, issue, patch);"],
  ["if (dup) throw new ApiError(422, \"Validation failed\");", "if (dup) return c.json({ message: \"Validation Failed\", errors: [{ resource: \"Label\", code: \"already_exists\", field: \"name\" }], status: \"422\" }, 422);"],
  ["const event = hasEvent ? parseSubmitEvent(eventRaw) : void 0;\n    let bodyText = null;", "const refused = refusedReview(gh, pr, raw);\n    if (refused) return c.json(refused, 422);\n    const event = hasEvent ? parseSubmitEvent(eventRaw) : void 0;\n    let bodyText = null;"],
  ["parseInt(String(o.position), 10);\n      if (!Number.isFinite(pos)) throw new ApiError(422, \"Validation failed\");\n      if (typeof o.body", "null;\n      if (typeof o.body"],
  ["position: pos,\n        line: null,", "position: pos,\n        line: o.line ?? null,"],
  ["if (!collab) throw notFound();", "if (target.type === \"Bot\" || (!collab && repo.private)) throw notFound();"],
  ["const roleName = collab.permission === \"admin\"", "const given = collab?.permission ?? \"pull\";\n    const legacy = given === \"admin\" ? \"admin\" : given === \"push\" || given === \"maintain\" ? \"write\" : \"read\";\n    const roleName = !collab ? \"read\" : collab.permission === \"admin\""],
  ["permission: collab.permission,\n      role_name: roleName,", "permission: legacy,\n      role_name: roleName,"]
];

// The front counts requests, and for each universe alone; several share a token here, so that the emulator must not.
const UNLIMITED = [["counter = { remaining: 5e3, resetAt", "counter = { remaining: Number.MAX_SAFE_INTEGER, resetAt"]];

function corrected(source, corrections) {
  for (const [there, instead, places = 1] of corrections) {
    const pieces = source.split(there);
    if (pieces.length !== places + 1) throw new Error(`${pieces.length - 1} places of the emulator read: ${there}`);
    source = pieces.join(instead);
  }
  return source;
}

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const source = url.includes("/emulate/dist/") ? String(loaded.source) : "";
    if (source.includes("function formatPullRequest(")) return { ...loaded, source: corrected(source, CORRECTIONS) };
    if (source.includes('"X-RateLimit-Limit", "5000"')) return { ...loaded, source: corrected(source, UNLIMITED) };
    return loaded;
  }
});
