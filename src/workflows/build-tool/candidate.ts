import type { Task } from '../../domain/task.ts';
import type { ToolFiles } from '../../domain/tool.ts';
import { digestOf } from '../../domain/tool-digest.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';

/** What the developer wrote, as it lies in the folder of the build now. */
export async function candidateOf(
  { workspace }: Pick<Task, 'workspace'>,
  { toolbox }: Pick<RunTaskNeeds, 'toolbox'>,
): Promise<{ readonly files: ToolFiles; readonly digest: string }> {
  const files = await toolbox.filesIn(workspace);
  return { files, digest: digestOf(files) };
}
