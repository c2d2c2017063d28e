import type { TaskId } from '../domain/identifiers.ts';
import { SpiralError } from '../spiral.ts';

/** What to do without a key and without a login. */
export const waysIn =
  'Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, or CLAUDE_CODE_OAUTH_TOKEN), sign in with `claude`, name a local server with ANTHROPIC_BASE_URL, or watch the demo: spiral demo';

/** What to do where commands cannot be confined. */
export const wayToSandbox =
  'Install bubblewrap and socat (Debian: apt install bubblewrap socat) and allow user namespaces.';

export function noSignIn(): SpiralError {
  return new SpiralError('usage', 'There is no way to sign in to a model.', waysIn);
}

export function noGit(): SpiralError {
  return new SpiralError(
    'usage',
    'git is not installed, and what a task changed is told from git alone.',
    'Install git (Debian: apt install git).',
  );
}

export function rehearsedOnly(taskId: TaskId): SpiralError {
  return new SpiralError(
    'usage',
    `Task ${taskId} is a demo that was interrupted: its model was rehearsed, and no other goes on with it.`,
    `See the demo again: spiral demo. End this one: spiral stop ${taskId}`,
  );
}

export function noSandbox(): SpiralError {
  return new SpiralError(
    'usage',
    'Commands of agents cannot be confined here, and the configuration requires it ([sandbox] mode = "required").',
    wayToSandbox,
  );
}

export function unattendedWithoutSandbox(): SpiralError {
  return new SpiralError(
    'usage',
    'Unattended work is refused: commands of agents cannot be confined here, so they could answer for you.',
    `${wayToSandbox} Or accept it by name: [unattended] without_sandbox = true`,
  );
}
