import { createHash } from 'node:crypto';
import { isGreen } from '../../domain/gate-report.ts';
import type { Task } from '../../domain/task.ts';
import { asksForMore, type Tool } from '../../domain/tool.ts';
import { afterProof, toolWorkBlocked } from '../../domain/tool-step.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from '../run-task/needs.ts';
import { candidateOf } from './candidate.ts';
import { advancedNews } from './tool-news.ts';

const noRights = { read: [], write: [], hosts: [], env: [], subprocess: false };

/** Lets the gate look at what was written, and keeps what it saw. */
export async function prove(
  task: Task,
  tooling: Tooling,
  { store, toolbox }: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Task> {
  const { build } = tooling;
  const { files, digest } = await candidateOf(task, { toolbox });
  const served = await store.tools.get(build.name);
  const version = nextVersion(served);
  const before = served?.manifest.permissions;
  const gated = await toolbox.gate.check(
    { files, heldOut: build.heldOut ?? [], version, ...(before ? { before } : {}) },
    seedOf(build.requestId),
    signal,
  );
  // What was stopped in the middle says nothing; whoever comes next looks again.
  if (signal.aborted) return signal.reason === 'cancelled' ? task : interrupted(task);
  const { report, manifest, refusal } = gated;
  if (refusal !== undefined) return store.tasks.advance(writer, toolWorkBlocked(tooling, refusal), []);
  const wantsMore = manifest ? asksForMore(before ?? noRights, manifest.permissions) : false;
  const next = afterProof(build, { report, digest, version, asksForMore: wantsMore });
  const attempt = build.attempts.length;
  const news = {
    type: 'tool-build.proved',
    taskId: task.id,
    requestId: build.requestId,
    toolName: build.name,
    attempt,
    isGreen: isGreen(report),
    report,
  } as const;
  return store.tasks.advance(writer, next, [{ key: `proved-${attempt}-${digest}`, news }, ...advancedNews(task, next)]);
}

function interrupted(task: Task): never {
  throw new StepInterrupted(task.id);
}

/** The minor number tells of each version; what it takes and gives is proved by the same cases. */
export function nextVersion(served: Tool | undefined): string {
  const latest = served?.versions.at(-1);
  if (latest === undefined) return '1.0.0';
  const [major = 1, minor = 0] = latest.split('.').map(Number);
  return `${major}.${minor + 1}.0`;
}

/** The same request is tried with the same inputs, whatever attempt it is. */
export function seedOf(requestId: string): number {
  return createHash('sha256').update(requestId).digest().readUInt32BE(0);
}
