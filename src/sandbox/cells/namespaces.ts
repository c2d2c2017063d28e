import type { ToolRun } from '../cells.ts';
import { limited } from '../confinement/resources.ts';
import { moreLimits } from './cell.ts';

const confinedUserId = '1000';

/** Processes and network of its own; the files are those of the machine. Ends with us. */
export function inNamespaces(run: ToolRun, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return [
    ...(['setpriv', '--pdeathsig', 'KILL', '--no-new-privs', '--'] as const),
    ...['unshare', '--user', `--map-user=${confinedUserId}`, `--map-group=${confinedUserId}`],
    ...['--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
    ...withLimits(run, command),
  ];
}

/** Limits alone. */
export function withLimits(run: ToolRun, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const [program, ...args] = command;
  const inside = limited(program, args, run.limits, moreLimits(run));
  return [inside.command, ...inside.args];
}
