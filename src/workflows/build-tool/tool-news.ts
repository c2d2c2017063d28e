import type { Task } from '../../domain/task.ts';
import { progressAt, stageAt, type Tooling } from '../../domain/tool-work.ts';
import type { KeyedNews } from '../../store/store.ts';

/** How far the build is; each stage of each attempt is told once. Empty while nothing is built. */
export function advancedNews(
  { id: taskId }: Pick<Task, 'id'>,
  { build, at }: Tooling,
  developmentTask?: KeyedNews['news']['taskId'],
): KeyedNews[] {
  const stage = stageAt(at);
  // The attempt is told with its task, in a moment.
  if (stage === undefined || at.kind === 'assign') return [];
  const { requestId, name: toolName, attempts } = build;
  return [
    {
      key: `tool-${stage}-${attempts.length}`,
      news: {
        type: 'tool-build.advanced',
        taskId,
        requestId,
        toolName,
        stage,
        progress: progressAt(at),
        ...(developmentTask === undefined ? {} : { developmentTask }),
      },
    },
  ];
}
