import { isAbsolute, join } from 'node:path';
import type { ToolManifest } from '../domain/tool.ts';
import type { ToolRun } from '../sandbox/cells.ts';

export type CallOfTool = {
  /** Where the tool lies, absolute. */
  readonly folder: string;
  readonly input: unknown;
  /** Stands for `$WORKSPACE` in its permissions; without one, what begins with it is out of reach. */
  readonly workspace?: string;
  /** Where the values of its variables are looked up. */
  readonly environment: Readonly<Record<string, string>>;
  readonly taskId?: ToolRun['taskId'];
};

const megabyte = 1024 * 1024;
const kilobyte = 1024;
const mostProcesses = 64;
const mostFileBytes = 64 * megabyte;
/** A program that only computes needs as much processor time as time; a start takes a part of a second. */
const cpuSlack = 2;
/** Node takes so much before it runs a line of the tool. */
const runtimeBytes = 100 * megabyte;

/** One call of a tool as the sandbox runs it: nothing is granted beyond what its manifest says. */
export function toolRunOf(manifest: ToolManifest, call: CallOfTool): ToolRun {
  const { permissions, limits, name } = manifest;
  const { folder, input, workspace, environment, taskId } = call;
  const seconds = Math.ceil(limits.timeoutMs / 1000);
  const places = (paths: readonly string[]) => paths.flatMap((path) => placeOf(path, workspace) ?? []);
  return {
    program: programOf(manifest),
    folder,
    input: JSON.stringify(input),
    env: Object.fromEntries(
      permissions.env.flatMap((key) => {
        const value = environment[key];
        return value === undefined ? [] : [[key, value]];
      }),
    ),
    permissions: { ...permissions, read: places(permissions.read), write: places(permissions.write) },
    limits: {
      timeoutMs: limits.timeoutMs,
      memoryBytes: memoryBytesOf(manifest),
      cpuSeconds: seconds + cpuSlack,
      processes: mostProcesses,
      fileBytes: mostFileBytes,
      outputBytes: limits.outputKb * kilobyte,
    },
    purpose: `tool ${name}${taskId === undefined ? '' : ` of task ${taskId}`}`,
    ...(taskId === undefined ? {} : { taskId }),
  };
}

/** What all of a call may hold, with what its runtime takes. */
export function memoryBytesOf({ limits }: Pick<ToolManifest, 'limits'>): number {
  return limits.memoryMb * megabyte + runtimeBytes;
}

function programOf({ language, entry, command }: ToolManifest): ToolRun['program'] {
  switch (language) {
    case 'node':
      return ['node', entry];
    case 'python':
      return ['python3', entry];
    case 'command': {
      const [program = entry, ...args] = (command ?? []).map((word) => word.replaceAll('$ENTRY', entry));
      return [program, ...args];
    }
  }
}

function placeOf(path: string, workspace: string | undefined): string | undefined {
  const [first, ...rest] = path.split('/');
  if (first !== '$WORKSPACE') return isAbsolute(path) ? path : undefined;
  // Nothing leads out of it again.
  return workspace === undefined || rest.includes('..') ? undefined : join(workspace, ...rest);
}
