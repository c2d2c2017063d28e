import { extname } from 'node:path';
import type { Survey } from '../workspace.ts';
import { filesOf } from './walk.ts';

/** Looks at a workspace without running anything in it. */
export async function surveyOf(workspace: string): Promise<Survey> {
  const files = await filesOf(workspace);
  const extensions: Record<string, number> = {};
  for (const file of files) {
    const extension = extname(file).slice(1).toLowerCase();
    if (extension !== '') extensions[extension] = (extensions[extension] ?? 0) + 1;
  }
  return { files: files.length, extensions };
}
