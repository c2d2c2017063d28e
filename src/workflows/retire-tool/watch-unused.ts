import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { MachineId, SessionId, TaskId } from '../../domain/identifiers.ts';
import type { Tool } from '../../domain/tool.ts';
import { isIdle, unusedSince } from '../../domain/tool-idleness.ts';
import type { Store } from '../../store/store.ts';
import { acceptanceOf, type CheckedTask } from '../submit-task.ts';

const lookEveryMs = 60_000;
const idLength = 8;

export type UnusedNeeds = {
  readonly store: Pick<Store, 'tasks' | 'tools'>;
  readonly machine: MachineId;
  readonly now: () => number;
  /** After which a person is asked; 0: never. */
  readonly unusedDays: number;
  /** A folder of ours: nothing is built there. */
  readonly workspace: string;
  /** Of a task of the project manager. */
  readonly setting: { readonly model: string; readonly roundTimeoutSeconds: number };
  /** Told of what went wrong; the looking goes on. */
  readonly report: (problem: string) => void;
};

/** Looks for tools that nobody uses until the signal aborts. */
export async function watchUnused(needs: UnusedNeeds, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await proposeRetirements(needs);
    } catch (error) {
      // The database is away; the next look asks again.
      needs.report(`Looking for unused tools failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await after(lookEveryMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
  }
}

/**
 * Makes a task of each tool that nobody has used for too long, by which a person is asked whether it is retired: once for the
 * time since it was last used or wanted, however many processes look and however often.
 *
 * @returns the tools that were proposed now
 */
export async function proposeRetirements(needs: UnusedNeeds): Promise<string[]> {
  const { store, unusedDays, now } = needs;
  if (unusedDays === 0) return [];
  const proposed: string[] = [];
  for (const tool of await store.tools.list('active')) {
    if (!isIdle(tool, unusedDays, now())) continue;
    const task = taskFor(tool, needs);
    if (await store.tasks.createOnce(task, [acceptanceOf(task)])) proposed.push(tool.manifest.name);
  }
  return proposed;
}

function taskFor(tool: Tool, { workspace, machine, setting }: UnusedNeeds): CheckedTask {
  const { name } = tool.manifest;
  return {
    id: idOf(name, unusedSince(tool)),
    text: `Retire the tool ${name}?`,
    agent: 'project-manager',
    origin: 'spiral',
    workspace,
    machine,
    ...setting,
    sessionId: randomUUID() as SessionId,
    // No model is asked.
    promptLimit: 1,
    retires: name,
  };
}

/** The same for every process, so that all of them together ask once. */
function idOf(tool: string, since: Date): TaskId {
  const digest = createHash('sha256').update(`retirement ${tool} ${since.toISOString()}`).digest('hex');
  return digest.slice(0, idLength) as TaskId;
}
