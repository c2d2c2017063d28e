import type { Task } from '../../domain/task.ts';
import { digestOf } from '../../domain/tool-digest.ts';
import { closed, isAdoptedBeforehand } from '../../domain/tool-step.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { candidateOf } from './candidate.ts';
import { publishable } from './publishable.ts';
import { requestFor } from './request-for.ts';
import { advancedNews } from './tool-news.ts';

/** Publishes exactly what the gate has seen. What was changed since then, or has lost its number, is proved once more. */
export async function publishTool(
  task: Task,
  state: Tooling,
  { store, toolbox, now }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { build } = state;
  const { proof, decision } = build;
  if (!proof) throw new Error('a tool is published before it is proved');
  const { files, digest } = await candidateOf(task, { toolbox });
  const again: Tooling = { kind: 'tooling', build, at: { kind: 'prove' }, isPaid: false };
  if (digest !== proof.digest) return store.tasks.advance(writer, again, []);
  const request = await requestFor(build.requestId, store);
  const { manifest, files: published } = publishable(files, build, proof.version);
  const result = await store.tools.publish({
    manifest,
    files: published,
    digest: digestOf(published),
    provenance: {
      requestId: request.id,
      requestedBy: request.requestedBy,
      builtBy: decision?.kind === 'approve' ? decision.agents : ['developer'],
      adopted: isAdoptedBeforehand(build) ? 'beforehand' : 'by-a-person',
      builtAt: new Date(now()).toISOString(),
    },
  });
  if (result.kind === 'taken') return store.tasks.advance(writer, again, []);
  const next = closed(build, { kind: 'built', name: manifest.name, version: manifest.version });
  return store.tasks.advance(writer, next, advancedNews(task, next));
}
