import { z } from 'zod';
import { openProcessSandbox } from '../../src/sandbox/processes/process-sandbox.ts';
import { reapLeftovers } from '../../src/sandbox/processes/reap.ts';
import { openRunFile } from '../../src/sandbox/processes/run-file.ts';

/**
 * A process of its own that uses a sandbox. With a script it runs that in a shell and waits until somebody kills it; without
 * one it reaps what others left behind, says what that was, and ends.
 */
const asked = z.object({
  home: z.string(),
  containment: z.enum(['bubblewrap', 'parent-death-signal', 'none']),
  script: z.string().optional(),
  environment: z.record(z.string(), z.string()),
});
const { home, containment, script, environment } = asked.parse(JSON.parse(process.argv[2] ?? ''));

if (script === undefined) {
  console.log(JSON.stringify(reapLeftovers(home)));
} else {
  const sandbox = openProcessSandbox(containment, openRunFile(home));
  const { child } = sandbox.start({
    command: 'sh',
    args: ['-c', script],
    cwd: home,
    env: environment,
    purpose: 'task of a test',
  });
  child.stdout?.on('data', (chunk: Buffer) => process.stdout.write(chunk));
}
