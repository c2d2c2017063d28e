import { contextOf } from '../../agents/context.ts';
import { languageOfFile } from '../../domain/file-language.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds } from './needs.ts';

const listedFiles = 400;
const recentTasks = 5;
/** Of what an agent is told about where it works, in tokens. */
const budgetTokens = 4_000;

/** What an agent should know of the place that it is asked about, and of what happened there lately. */
export async function contextFor(task: Task, { store, workspaces }: RunTaskNeeds): Promise<string> {
  const [{ paths, files }, { extensions }, tasks] = await Promise.all([
    workspaces.listing(task.workspace, listedFiles),
    workspaces.survey(task.workspace),
    store.tasks.list(50),
  ]);
  const here = tasks
    .filter(({ workspace, id, state }) => workspace === task.workspace && id !== task.id && state.kind === 'finished')
    .slice(0, recentTasks);
  const outcomes = await Promise.all(
    here.map(async ({ id, text }) => {
      const outcome = await store.tasks.outcome(id);
      if (!outcome) return [];
      const { status, verified, summary } = outcome;
      return [{ task: text, status: verified ? `${status}, verified` : status, summary }];
    }),
  );
  return contextOf(
    {
      workspace: { paths, files },
      languages: languagesOf(extensions),
      outcomes: outcomes.flat(),
    },
    budgetTokens,
  );
}

/** Files of languages that we know, by their extensions, most first. */
function languagesOf(
  extensions: Readonly<Record<string, number>>,
): { readonly name: string; readonly files: number }[] {
  const counts = new Map<string, number>();
  for (const [extension, files] of Object.entries(extensions)) {
    const name = languageOfFile(`file.${extension}`);
    if (name !== 'unknown') counts.set(name, (counts.get(name) ?? 0) + files);
  }
  return [...counts].map(([name, files]) => ({ name, files })).toSorted((one, other) => other.files - one.files);
}
