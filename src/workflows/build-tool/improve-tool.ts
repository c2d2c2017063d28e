import type { TaskId } from '../../domain/identifiers.ts';
import { isFailureOfTool, type ToolUse } from '../../domain/tool.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { newRequest } from './new-request.ts';

/** Of the last so many calls of a version so many failed: somebody has to look at it. */
const lookedAt = 10;
const tooMany = 3;

/**
 * Files a request to improve a tool that fails too often in use, on behalf of whoever it failed last. It takes the same way as
 * every other one, and a human decides. What failed before the last such request counts no more.
 */
export async function improveWhenFailing(
  { name, version, outcome, taskId }: ToolUse,
  { store, ...rest }: Pick<RunTaskNeeds, 'store' | 'toolbox' | 'newTaskId'>,
): Promise<void> {
  if (!isFailureOfTool(outcome) || taskId === undefined) return;
  const since = await store.toolRequests.lastImprovement(name);
  const uses = await store.tools.lastUses(name, version, lookedAt, since);
  const failures = uses.filter(isFailureOfTool).length;
  const [task, tool] = await Promise.all([store.tasks.get(taskId as TaskId), store.tools.get(name)]);
  if (failures < tooMany || !task || !tool || tool.manifest.version !== version) return;
  const counts = [...new Set(uses.filter(isFailureOfTool))].map(
    (kind) => `${uses.filter((use) => use === kind).length} times ${kind}`,
  );
  const wish = {
    name,
    description: `Mend ${name} ${version}: ${failures} of its last ${uses.length} calls failed. It is for: ${tool.manifest.description}`,
    urgency: 5,
    importance: 7,
    blocking: false,
    requirements: [`Calls ended so: ${counts.join(', ')}`, 'What worked before still works in the same way'],
    examples: [],
  };
  const { wanted, accepted } = await newRequest(task, wish, undefined, false, rest, name);
  await store.toolRequests.file(wanted, accepted);
}
