import type { View } from '../confinement/open-view.ts';
import type { ContainedProcess, Containment, Launch, Sandbox, StopRequests } from '../sandbox.ts';
import { contained } from './containment.ts';
import type { RunFile } from './run-file.ts';
import { runToEnd } from './run-to-end.ts';
import { startTree } from './start-tree.ts';
import { signalTree } from './tree.ts';

export type SandboxSetting = {
  /** How a `Confinement` is kept; without it none is. Needs the containment `bubblewrap`. */
  readonly view?: View | undefined;
  /** Whose tasks nothing may be started for. */
  readonly stops?: Pick<StopRequests, 'isRequested'>;
};

/** Runs programs as children of this process under the given containment, each tree listed in the run file. */
export function openProcessSandbox(containment: Containment, runFile: RunFile, setting: SandboxSetting = {}): Sandbox {
  const view = containment === 'bubblewrap' ? setting.view : undefined;
  const start = (launch: Launch): ContainedProcess => {
    const { command, args, env } =
      view && launch.confinement
        ? view.wrap(launch, launch.confinement)
        : { ...contained(containment, launch.command, launch.args), env: launch.env };
    return startTree(runFile, setting.stops, {
      command,
      args,
      env,
      cwd: launch.cwd,
      purpose: launch.purpose,
      taskId: launch.taskId,
      ownsNamespace: containment === 'bubblewrap',
      resources: view && launch.confinement?.resources,
    });
  };
  return {
    containment,
    confines: view !== undefined,
    nests: view?.nests ?? false,
    start,
    run: (launch, limits, signal) => runToEnd(start, launch, limits, signal),
    killAll() {
      for (const tree of runFile.trees()) signalTree(tree, 'SIGKILL');
    },
  };
}
