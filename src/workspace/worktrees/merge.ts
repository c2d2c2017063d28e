import { existsSync } from 'node:fs';
import type { MergeResult } from '../../domain/merge-result.ts';
import type { Repository } from '../../domain/task.ts';
import { failureOf, type GitResult } from '../git/git.ts';
import { WorkspaceError } from '../workspace.ts';
import { commitTo, newCommit } from './commit.ts';
import { endingOf, operationInProgress } from './in-progress.ts';
import { placeOfWorktree } from './place.ts';
import type { WorktreeSetting } from './setting.ts';
import { commitAt, openUserRepository, type UserRepository } from './user-repository.ts';

type Refused = Extract<MergeResult, { kind: 'refused' }>;
type Target = { readonly kind: 'target'; readonly branch: string; readonly head: string };

const mostNames = 5;

/**
 * Merges the branch of a task into what the repository has checked out, as a merge commit.
 *
 * The merge itself is made from commits, without a look at the working tree. Only then the checked-out branch moves forward
 * to it, in one git command that touches no file with changes in it, ignored ones included: what a person does in the
 * meantime is never lost, the merge is refused.
 */
export async function mergeWork(
  setting: WorktreeSetting,
  workspace: string,
  repository: Repository,
  message: string,
): Promise<MergeResult> {
  const place = placeOfWorktree(setting.stateRoot, workspace, repository);
  const user = await openUserRepository(setting, repository.path);
  const { branch } = repository;
  const target = await targetOf(user, branch);
  if (target.kind === 'refused') return target;
  // What was shown is what is merged, also when the task ended before its work was committed.
  if (existsSync(workspace) && existsSync(place.record) && (await commitAt(user, `refs/heads/${branch}`)))
    await commitTo(user, place, repository, message);
  const tip = await commitAt(user, `refs/heads/${branch}`);
  if (!tip) return refused(`The branch ${branch} is gone from ${user.path}.`, 'See what became of it: git reflog');
  if (await contains(user, target.head, tip)) return { kind: 'nothing-to-merge' };

  const merged = await user.attemptOnHistory([
    'merge-tree',
    '--write-tree',
    '-z',
    '--name-only',
    '--no-messages',
    target.head,
    tip,
  ]);
  if (merged.exitCode !== 0 && merged.exitCode !== 1) throw failureOf(['merge-tree'], merged);
  const [tree = '', ...conflicts] = merged.output
    .toString()
    .split('\0')
    .filter((field) => field !== '');
  if (merged.exitCode === 1) {
    return refused(
      `The work conflicts with what ${target.branch} has now: ${named(conflicts)}.`,
      `Merge it by hand: git -C ${user.path} merge ${branch}`,
    );
  }
  const commit = await newCommit(user, tree, [target.head, tip], message);
  return moveForward(user, target, commit);
}

async function targetOf(user: UserRepository, branch: string): Promise<Target | Refused> {
  const { path, gitFolder } = user;
  const operation = operationInProgress(gitFolder);
  if (operation) return refused(`${path} is in the middle of a ${operation}.`, `End it first: ${endingOf(operation)}`);
  const symbolic = await user.attempt(['symbolic-ref', '--quiet', 'HEAD']);
  if (symbolic.exitCode !== 0 && symbolic.exitCode !== 1) throw failureOf(['symbolic-ref'], symbolic);
  if (symbolic.exitCode === 1) {
    return refused(
      `${path} has no branch checked out.`,
      'Check out the branch that is to have the work: git switch BRANCH',
    );
  }
  const checkedOut = symbolic.output
    .toString()
    .trim()
    .replace(/^refs\/heads\//, '');
  if (checkedOut === branch) {
    return refused(
      `${path} has the work's own branch checked out.`,
      'Check out the branch that is to have it: git switch BRANCH',
    );
  }
  const head = await commitAt(user, 'HEAD');
  if (!head)
    return refused(
      `The branch ${checkedOut} of ${path} has no commit.`,
      'Check out a branch that has one: git switch BRANCH',
    );
  const changed = await uncommitted(user);
  if (changed.length > 0) {
    return refused(
      `${path} has changes that are not committed: ${named(changed)}.`,
      'Commit or stash them, then merge again.',
    );
  }
  return { kind: 'target', branch: checkedOut, head };
}

/** Files with changes in index or working tree. Submodules count when another commit of them is checked out. */
async function uncommitted(user: UserRepository): Promise<string[]> {
  const args = ['status', '--porcelain', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=dirty'];
  const listed = (await user.run(args)).toString();
  return listed
    .split('\0')
    .slice(0, -1)
    .map((line) => line.slice(3));
}

async function contains(user: UserRepository, commit: string, ancestor: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, commit];
  const result = await user.attemptOnHistory(args);
  if (result.exitCode === 0) return true;
  if (result.exitCode === 1) return false;
  throw failureOf(args, result);
}

async function moveForward(user: UserRepository, target: Target, commit: string): Promise<MergeResult> {
  const noted = await commitAt(user, 'ORIG_HEAD');
  // Whatever the branch is configured to: nothing but a move forward.
  const only = ['--ff-only', '--no-squash', '--no-autostash', '--no-verify-signatures', '--no-overwrite-ignore'];
  const result = await user.attempt(['merge', ...only, '--quiet', '--no-stat', commit]);
  if (result.exitCode === 0) return { kind: 'merged', commit, into: target.branch };
  await restoreNote(user, noted, target.head);
  const now = await commitAt(user, 'HEAD');
  if (now !== target.head && now !== undefined) {
    return refused(`${user.path} got new commits while the work was merged.`, 'Merge again.');
  }
  return reasonIn(user, result);
}

/** A merge that is refused has overwritten ORIG_HEAD, by which a person may want to take their own last merge back. */
async function restoreNote(user: UserRepository, noted: string | undefined, head: string): Promise<void> {
  if (noted === head) return;
  // With another value than git's note of now somebody else has written it since.
  await user.attempt(
    noted === undefined ? ['update-ref', '-d', 'ORIG_HEAD', head] : ['update-ref', 'ORIG_HEAD', noted, head],
  );
}

/** Git tells these before it touches anything. */
function reasonIn(user: UserRepository, result: GitResult): Refused {
  const { complaint } = result;
  const files = complaint
    .split('\n')
    .filter((line) => line.startsWith('\t'))
    .map((line) => line.trim());
  if (/untracked working tree files would be (overwritten|removed)/.test(complaint)) {
    return refused(
      `Files of ${user.path} that are not in git would be overwritten: ${named(files)}.`,
      'Move them away, then merge again.',
    );
  }
  if (/Updating the following directories would lose untracked files/.test(complaint)) {
    return refused(
      `Files of ${user.path} that are not in git would be lost in: ${named(files)}.`,
      'Move them away, then merge again.',
    );
  }
  if (/local changes to the following files would be overwritten/.test(complaint) || /not uptodate/.test(complaint)) {
    return refused(
      `${user.path} has changes that are not committed: ${named(files)}.`,
      'Commit or stash them, then merge again.',
    );
  }
  if (/\.lock': File exists/.test(complaint)) {
    return refused(
      `Another git command is at work in ${user.path}, or one was killed.`,
      `When none is, delete ${user.gitFolder}/index.lock and merge again.`,
    );
  }
  const failure = failureOf(['merge'], result);
  throw new WorkspaceError(failure.message, `See what it left behind: git -C ${user.path} status`);
}

function named(files: readonly string[]): string {
  const more = files.length - mostNames;
  return `${files.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function refused(problem: string, cure: string): Refused {
  return { kind: 'refused', problem, cure };
}
