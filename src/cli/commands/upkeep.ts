import { resolve } from 'node:path';
import { counted } from '../../domain/amounts.ts';
import { sizeOf } from '../amounts.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

/** `spiral backup FILE`. */
export async function backup(file: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const path = resolve(file);
    const { bytes } = await spiral.backup(path);
    print([
      `✅ Wrote ${path} (${sizeOf(bytes)}): every task, event, question and cost.`,
      'ℹ️  Workspaces, worktrees and sessions of Claude Code are files and not in it.',
    ]);
    return exitCodes.succeeded;
  });
}

/** `spiral restore FILE`. */
export async function restore(file: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const path = resolve(file);
    await spiral.restore(path);
    print([`✅ Restored everything from ${path}.`]);
    return exitCodes.succeeded;
  });
}

/** `spiral prune`. */
export async function prune(context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const { tasks, megabytes } = await spiral.prune();
    print([
      tasks === 0 && megabytes === 0
        ? '✅ Nothing is older than what is kept.'
        : `🧹 Deleted ${counted(tasks, 'old task')}, ${sizeOf(Math.round(megabytes * 1e6))}.`,
    ]);
    return exitCodes.succeeded;
  });
}
