import { z } from 'zod';
import type { TaskId } from '../../src/domain/identifiers.ts';
import { openProcessSandbox } from '../../src/sandbox/processes/process-sandbox.ts';
import { reapLeftovers } from '../../src/sandbox/processes/reap.ts';
import { openRunFile } from '../../src/sandbox/processes/run-file.ts';
import { openStopRequests } from '../../src/sandbox/processes/stop-requests.ts';

/**
 * A process of its own that uses a sandbox. With a script it runs that in a shell and waits until somebody kills it; without
 * one it reaps what others left behind, says what that was, and ends.
 */
const asked = z.object({
  home: z.string(),
  containment: z.enum(['bubblewrap', 'parent-death-signal', 'none']),
  script: z.string().optional(),
  /** The task that the script belongs to, and that this process drives. */
  taskId: z
    .string()
    .transform((id) => id as TaskId)
    .optional(),
  environment: z.record(z.string(), z.string()),
});
const { home, containment, script, taskId, environment } = asked.parse(JSON.parse(process.argv[2] ?? ''));

if (script === undefined) {
  console.log(JSON.stringify(reapLeftovers(home)));
} else {
  const runFile = openRunFile(home);
  const stops = openStopRequests(home, runFile);
  if (taskId) stops.drives(taskId);
  const sandbox = openProcessSandbox(containment, runFile, { stops });
  const { child } = sandbox.start({
    command: 'sh',
    args: ['-c', script],
    cwd: home,
    env: environment,
    purpose: 'task of a test',
    ...(taskId ? { taskId } : {}),
  });
  child.stdout?.on('data', (chunk: Buffer) => process.stdout.write(chunk));
}
