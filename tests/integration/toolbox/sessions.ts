import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { openClaudeCodeEngine } from '../../../src/engine/claude-code/claude-code-engine.ts';
import type { EngineEvent, SessionSetting } from '../../../src/engine/engine.ts';
import type { Block, ModelRequest } from '../../../src/rehearsal/messages.ts';
import { say } from '../../../src/rehearsal/play.ts';
import { startRehearsal } from '../../../src/rehearsal/server.ts';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { ToolAccess } from '../../../src/toolbox/toolbox.ts';
import { newStage } from '../engine/confined-session.ts';

type Finished = EngineEvent & { readonly kind: 'finished' };

/** What came of one round, as the model and the listener saw it. */
export type Seen = {
  readonly results: readonly { readonly text: string; readonly failed: boolean }[];
  /** What the model could call at first, and with its last answer. */
  readonly offered: readonly string[];
  readonly offeredLast: readonly string[];
  readonly finished: Finished;
};

/** The call of one of our own tools, as the model makes it. */
export function own(name: string, input: Readonly<Record<string, unknown>> = {}): Block {
  return { type: 'tool', name: `mcp__spiral__${name}`, input };
}

/** Confined sessions of the real Claude Code, each with a scripted model of its own that makes these calls. */
export function openSessions() {
  const stage = newStage();
  const { home, stateRoot, workspace } = stage;
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home };
  const runFile = openRunFile(stateRoot);
  const view = openView({ home, stateRoot, environment });

  async function round(
    calls: readonly Block[],
    ownTools: ToolAccess | undefined,
    kind: Partial<Pick<SessionSetting, 'tools' | 'mayAsk'>> = {},
    signal = new AbortController().signal,
  ): Promise<Seen> {
    const results: Seen['results'][number][] = [];
    const requests: ModelRequest[] = [];
    const model = await startRehearsal(({ turn, results: latest }, request) => {
      requests.push(request);
      results.push(...latest);
      const call = calls[turn];
      return { kind: 'message', blocks: [call ?? say('Done.')] };
    });
    const engine = openClaudeCodeEngine({
      folder: join(stateRoot, 'claude-code'),
      environment,
      model: { kind: 'direct', signIn: { kind: 'auth-token', value: 'rehearsal' }, baseUrl: model.baseUrl },
      confinement: { home, stateRoot, hosts: [], homeOf: () => 'test', writable: [] },
      sandbox: openProcessSandbox('bubblewrap', runFile, { view: await view }),
    });
    try {
      const session = engine.prepare({
        ...{ sessionId: randomUUID() as SessionId, begin: 'new', workspace, tools: 'work', model: 'sonnet' },
        ...{ instructions: 'Be brief.', taskId: 'test' as TaskId, agent: 'developer' },
        ...(ownTools ? { ownTools } : {}),
        ...kind,
      });
      let finished: Finished | undefined;
      for await (const event of session.run('Do it', signal)) if (event.kind === 'finished') finished = event;
      if (!finished) throw new Error('the round did not end');
      const namesIn = (request: ModelRequest | undefined) => (request?.tools ?? []).map(({ name = '' }) => name);
      return { results, offered: namesIn(requests[0]), offeredLast: namesIn(requests.at(-1)), finished };
    } finally {
      await model.close();
    }
  }

  return {
    workspace,
    round,
    leave() {
      runFile.close();
      stage.leave();
    },
  };
}
