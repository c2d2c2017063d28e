import type { ToolRun, ToolRunResult } from '../cells.ts';
import { isProgram } from '../processes/program.ts';
import { type CallPlace, environmentOf, withRealPaths } from './call-place.ts';
import { diskBytesOf, inCell, placesInside, programFoldersInside, proxySocketInside } from './cell.ts';
import { bridged, proxyEnvironment } from './hosts/bridge.ts';
import { dialPublic } from './hosts/dial.ts';
import { openHostProxy } from './hosts/host-proxy.ts';
import { inheritedDescriptors, withoutDescriptors } from './inherited.ts';
import { countProcesses, type ProcessCount } from './process-count.ts';
import { proxyAgent, type Shown, toolCommand } from './programs.ts';
import { notStarted, runCall } from './run-call.ts';

const isolation = 'bubblewrap';
/** Beyond its limit a tree is ended; one that the kernel refuses at that very limit would try for ever. */
const headroom = 2;

/** Runs a call in a cell of bubblewrap. */
export async function runIsolated(place: CallPlace, asked: ToolRun, signal?: AbortSignal): Promise<ToolRunResult> {
  const { setting, programs, permitted } = place;
  const { hosts, read, write } = permitted;
  if (programs.bubblewrap === undefined) return notStarted(isolation, 'bwrap is not installed');
  const run = withRealPaths(asked, permitted);
  const tool = toolCommand(run, programs, placesInside);
  const isThere = tool && (tool[0] === programs.node || isProgram(tool[0], run.folder, programFoldersInside));
  if (!isThere) return notStarted(isolation, `${asked.program[0]} is not installed`);
  const proxy = hosts.length === 0 ? undefined : await openHostProxy(hosts, setting.dial ?? dialPublic());
  let count: ProcessCount | undefined;
  try {
    const toProxy: Shown[] = proxy ? [{ source: proxy.socket, path: proxySocketInside }, proxyAgent()] : [];
    const cell = inCell({
      run,
      read,
      write,
      shown: [...programs.shown, ...toProxy],
      environment: { ...environmentOf(permitted, placesInside.scratch), ...(proxy ? proxyEnvironment : {}) },
      command: proxy ? bridged(programs.node, proxySocketInside, tool) : tool,
    });
    if (!cell) return notStarted(isolation, `the kernel calls of ${process.arch} are not known here`);
    const [command, ...args] = withoutDescriptors(inheritedDescriptors(), [programs.bubblewrap, ...cell.args]);
    count = countProcesses(run.limits.processes * headroom);
    const start = () =>
      place.start({
        command,
        args,
        // The tool sees the environment of bubblewrap itself.
        env: {},
        cwd: '/',
        purpose: run.purpose,
        taskId: run.taskId,
        ownsNamespace: true,
        inputs: cell.inputs,
        resources: run.limits,
        begun: count?.add,
      });
    const disk = { folder: run.scratch, inside: placesInside.scratch, bytes: diskBytesOf(run) };
    return await runCall({ start, run, isolation, disk }, signal);
  } finally {
    proxy?.close();
    count?.end();
  }
}
