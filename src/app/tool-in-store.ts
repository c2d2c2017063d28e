import type { Tool } from '../domain/tool.ts';
import { SpiralError } from '../spiral.ts';
import { ToolRowDamaged, type ToolStore } from '../store/tools.ts';

/** A tool as a person asks for it. Throws `SpiralError` for one whose row cannot be read. */
export async function toolIn(tools: Pick<ToolStore, 'get'>, name: string): Promise<Tool | undefined> {
  try {
    return await tools.get(name);
  } catch (error) {
    if (!(error instanceof ToolRowDamaged)) throw error;
    throw new SpiralError('unavailable', `What the database has of ${name} is damaged: ${error.problem}.`, error.cure, {
      cause: error,
    });
  }
}

/** All that can be read, by name; whoever asks is told what is damaged, and offered to no session therefore. */
export async function toolsIn(
  tools: Pick<ToolStore, 'list' | 'damaged'>,
  report: (problem: string) => void,
): Promise<Tool[]> {
  const [all, damaged] = await Promise.all([tools.list(), tools.damaged()]);
  for (const { name, version, problem } of damaged)
    report(`The tool ${name} ${version} is damaged and not offered: ${problem}. Restore the database from a backup.`);
  return all;
}
