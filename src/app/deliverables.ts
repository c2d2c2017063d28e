import type { TaskId } from '../domain/identifiers.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import { patchSections } from '../domain/patch-sections.ts';
import { isSecretFile } from '../domain/secret-file.ts';
import { secretsIn } from '../domain/secrets-in-text.ts';
import type { Task } from '../domain/task.ts';
import type { Attachment, Deliverables } from '../spiral/surface.ts';
import type { Store } from '../store/store.ts';
import { filesOfWork, lastRoundOf } from '../workflows/run-task/files-of-work.ts';
import { stateAfterRound, stateBeforeRound } from '../workflows/run-task/work-round.ts';
import { WorkspaceError, type Workspaces } from '../workspace/workspace.ts';

type Limits = { readonly bytes: number; readonly files: number };
type Needs = { readonly store: Store; readonly workspaces: Workspaces };

/** What is compressed may be so much larger than what may be given away. */
const mostPacked = 8;
const mostPackedFiles = 2_000;

/** See `SurfaceFace.deliverables`. What is kept back stands in no file, archive or patch. */
export async function deliverablesOf(id: TaskId, limits: Limits, needs: Needs): Promise<Deliverables | undefined> {
  const { store, workspaces } = needs;
  const [task, outcome] = await Promise.all([store.tasks.get(id), store.tasks.outcome(id)]);
  if (!task || !outcome) return undefined;
  const { workspace } = task;
  const paths = await pathsOf(id, outcome, store);
  const withheld = new Set(paths.filter(isSecretFile));
  const wanted = paths.filter((path) => !withheld.has(path));
  const shown: Attachment[] = [];
  let room = limits.bytes * mostPacked;
  let isWhole = wanted.length <= mostPackedFiles;
  for (const path of wanted.slice(0, mostPackedFiles)) {
    const read = await workspaces.contents(workspace, path, room);
    if (read.kind === 'no-file') withheld.add(path);
    else if (read.kind === 'too-large') isWhole = false;
    else if (secretsIn(textOf(read.content)).length > 0) withheld.add(path);
    else {
      shown.push({ name: path, content: read.content });
      room -= read.content.length;
    }
  }
  const files = shown.toSorted((one, other) => one.content.length - other.content.length);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const fits = isWhole && files.length <= limits.files && bytes <= limits.bytes;
  const zip = fits || !isWhole || files.length === 0 ? undefined : await packed(id, files, limits.bytes);
  const { patch, secret } = await patchOf(task, limits.bytes, withheld, needs);
  return {
    workspace,
    files: fits ? files : [],
    ...(zip ? { zip } : {}),
    ...(patch ? { patch } : {}),
    withheld: [...new Set([...withheld, ...secret])].toSorted(),
  };
}

/** Of a project, what its tasks made and changed. */
async function pathsOf(id: TaskId, outcome: TaskOutcome, store: Store): Promise<string[]> {
  const own = [...outcome.filesCreated, ...outcome.filesModified];
  return own.length > 0 ? own : filesOfWork(id, store);
}

async function packed(id: TaskId, files: readonly Attachment[], mostBytes: number): Promise<Attachment | undefined> {
  // Hardly ever wanted: not read at every start.
  const { zipSync } = await import('fflate');
  const entries = Object.fromEntries(files.map(({ name, content }) => [name, content]));
  const content = zipSync(entries, { level: 6 });
  return content.length <= mostBytes ? { name: `${id}.zip`, content } : undefined;
}

/** The change without what it says of files that are kept back, and of any that shows a secret, also one that was taken out. */
async function patchOf(
  task: Task,
  mostBytes: number,
  withheld: ReadonlySet<string>,
  needs: Needs,
): Promise<{ readonly patch?: Attachment; readonly secret: readonly string[] }> {
  const diff = await diffOf(task, needs).catch((error: unknown) => {
    // The worktree was discarded, or a state was pruned: then there is no patch, and the files are given all the same.
    if (error instanceof WorkspaceError) return '';
    throw error;
  });
  const secret: string[] = [];
  const kept = patchSections(diff).filter(({ paths, text }) => {
    if (!paths) return false;
    const isSecret = paths.some((path) => withheld.has(path) || isSecretFile(path)) || secretsIn(text).length > 0;
    if (isSecret) secret.push(...paths);
    return !isSecret;
  });
  const content = Buffer.from(kept.map(({ text }) => text).join(''));
  if (content.length === 0 || content.length > mostBytes) return { secret };
  return { patch: { name: `${task.id}.patch`, content }, secret };
}

const mostCharacters = 32 * 1024 * 1024;

async function diffOf(task: Task, { store, workspaces }: Needs): Promise<string> {
  const { id, workspace, repository } = task;
  if (repository) return workspaces.worktrees.diff(workspace, repository);
  const last = await lastRoundOf(id, store);
  if (last === undefined) return '';
  return workspaces.diff(workspace, id, stateBeforeRound(1), stateAfterRound(last), mostCharacters);
}

/** As far as it can be read: what is no text is looked through as well, for a key may stand in it. */
function textOf(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8');
}
