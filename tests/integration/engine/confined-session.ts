import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { sessionEnvironment } from '../../../src/engine/claude-code/environment.ts';
import { optionsFor } from '../../../src/engine/claude-code/options.ts';
import { asSpawned, defined } from '../../../src/engine/claude-code/spawned.ts';
import type { Block } from '../../../src/rehearsal/messages.ts';
import { startRehearsal } from '../../../src/rehearsal/server.ts';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { ContainedProcess } from '../../../src/sandbox/sandbox.ts';

export const token = 'sk-canary-of-the-run';
export const secret = 'canary-5c1e88';

/** A person's machine with secrets where they usually lie. */
export type Stage = {
  readonly home: string;
  readonly stateRoot: string;
  readonly workspace: string;
  readonly elsewhere: string;
  leave(): void;
};

export function newStage(): Stage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-attack-')));
  const place = (path: string) => {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'secret.txt'), `${secret}\n`);
    return join(root, path);
  };
  const stage = {
    home: place('home'),
    stateRoot: place('home/.spiral'),
    workspace: place('home/work'),
    elsewhere: place('elsewhere'),
  };
  place('home/.ssh');
  // Claude Code itself has to see this folder, its model not.
  place('home/.spiral/claude-code');
  writeFileSync(join(stage.workspace, 'secret.txt'), 'nothing\n');
  return { ...stage, leave: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** What each call gave back, in order: the text that the model was told. */
export type Answers = readonly { readonly text: string; readonly failed: boolean }[];

/**
 * Lets a scripted model make these calls, one after the other, in the real Claude Code.
 *
 * @param guarded whether what keeps it in the workspace is there; without it, nothing is
 */
export async function letModelCall(stage: Stage, calls: readonly Block[], guarded: boolean): Promise<Answers> {
  const answers: Answers[number][] = [];
  const model = await startRehearsal(({ turn, results }) => {
    answers.push(...results);
    const call = calls[turn];
    return { kind: 'message', blocks: call ? [call] : [{ type: 'text', text: 'Done.' }] };
  });
  const { home, stateRoot, workspace } = stage;
  const folder = join(stateRoot, 'claude-code');
  const base = { PATH: process.env['PATH'] ?? '', HOME: home };
  const view = guarded ? await openView({ home, stateRoot, environment: base }) : undefined;
  const runFile = openRunFile(stateRoot);
  const sandbox = openProcessSandbox(guarded ? 'bubblewrap' : 'none', runFile, { view });
  const setting = {
    sessionId: randomUUID() as SessionId,
    begin: 'new',
    workspace,
    tools: 'work',
    model: 'sonnet',
  } as const;
  const who = { instructions: 'Be brief.', taskId: 'aaaa1111' as TaskId, agent: 'developer' } as const;
  const commands = { hosts: ['allowed.example'], home, stateRoot };
  const options = optionsFor({ ...setting, ...who }, { folder, ...(guarded ? { commands } : {}) });
  let tree: ContainedProcess | undefined;
  try {
    const session = query({
      prompt: 'Do it',
      options: {
        ...options,
        ...(guarded ? {} : { hooks: {}, permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true }),
        env: {
          ...(await sessionEnvironment(folder, base, { kind: 'auth-token', value: token }, model.baseUrl)),
          // Without a sandbox root may not switch the permissions off.
          ...(guarded ? {} : { IS_SANDBOX: '1' }),
        },
        spawnClaudeCodeProcess: ({ command, args, cwd, env }) => {
          tree = sandbox.start({
            command,
            args,
            cwd: cwd ?? workspace,
            env: defined(env),
            purpose: 'a test',
            confinement: { writable: [workspace, folder], network: 'host', home: 'test' },
          });
          return asSpawned(tree, 1000);
        },
      },
    });
    for await (const message of session) if (message.type === 'result') break;
    return answers;
  } finally {
    await tree?.end(0);
    runFile.close();
    await model.close();
  }
}
