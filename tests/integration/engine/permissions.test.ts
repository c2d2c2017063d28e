import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { AnsweredCall } from '../../../src/domain/asked-person.ts';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { type Decision, decisionOf, sentenceOfDecision, type Wanted } from '../../../src/domain/permission.ts';
import { openClaudeCodeEngine } from '../../../src/engine/claude-code/claude-code-engine.ts';
import type { Engine, EngineEvent } from '../../../src/engine/engine.ts';
import type { Block } from '../../../src/rehearsal/messages.ts';
import { bash, say, write } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, startRehearsal } from '../../../src/rehearsal/server.ts';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile, type RunFile } from '../../../src/sandbox/processes/run-file.ts';
import { needs } from '../../support/needs.ts';
import { processesMentioning } from '../../support/processes.ts';
import { newStage, type Stage } from './confined-session.ts';

let stage: Stage;
let model: Rehearsal;
let runFile: RunFile;
let engine: Engine;
let sessionId: SessionId;
let told: string[];
let answers: readonly (readonly Block[])[];

beforeEach(() => {
  stage = newStage();
  sessionId = randomUUID() as SessionId;
  told = [];
});
afterEach(async () => {
  runFile.close();
  await model.close();
  expect(processesMentioning(stage.workspace)).toEqual([]);
  stage.leave();
});

/** A model that makes these calls, all of an answer at once, after each prompt anew. */
async function open(first: typeof answers): Promise<void> {
  answers = first;
  model = await startRehearsal(({ turn, results }) => {
    told.push(...results.map(({ text }) => text));
    return { kind: 'message', blocks: answers[turn] ?? [say('Done.')] };
  });
  const { home, stateRoot } = stage;
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home };
  runFile = openRunFile(stateRoot);
  const view = await openView({ home, stateRoot, environment });
  engine = openClaudeCodeEngine({
    folder: join(stateRoot, 'claude-code'),
    environment,
    model: { kind: 'direct', signIn: { kind: 'auth-token', value: 'rehearsal' }, baseUrl: model.baseUrl },
    confinement: { home, stateRoot, hosts: ['allowed.example'], homeOf: () => 'test', writable: [] },
    sandbox: openProcessSandbox('bubblewrap', runFile, { view }),
  });
}

type Finished = EngineEvent & { readonly kind: 'finished' };

async function round(
  begin: 'new' | 'resume',
  prompt: string,
  decided: readonly Decision[] = [],
  answered?: AnsweredCall,
  mayAsk = true,
): Promise<Finished> {
  const session = engine.prepare({
    ...{ taskId: 'test' as TaskId, agent: 'developer', instructions: 'Be brief.', model: 'sonnet', tools: 'work' },
    ...{ sessionId, begin, workspace: stage.workspace, mayAsk, decided },
    ...(answered ? { answered } : {}),
  });
  let finished: Finished | undefined;
  for await (const event of session.run(prompt, new AbortController().signal)) {
    if (event.kind === 'finished') finished = event;
  }
  if (!finished) throw new Error('the round did not end');
  return finished;
}

function wantedIn({ ending }: Finished): Wanted {
  if (ending.kind !== 'wants-permission') throw new Error(`nothing was wanted: ${JSON.stringify(ending)}`);
  return ending.wanted;
}

const inWorkspace = (name: string) => join(stage.workspace, name);
const reach = bash('curl -sS -m 5 http://registry.example/ -o /dev/null -w "%{http_code}"', 'Look');
const withBubblewrap = needs('bwrap');

withBubblewrap('a protected file is written after a person allowed that very call, and not before', async () => {
  await open([[write('.mcp.json', 'mine\n')]]);
  const wanted = wantedIn(await round('new', 'Do it'));
  expect(wanted.permission).toMatchObject({ kind: 'call', tool: 'Write', title: 'Write .mcp.json' });
  expect(wanted.text).toContain('mine');
  expect(existsSync(inWorkspace('.mcp.json'))).toBe(false);
  const allowed = decisionOf(wanted.permission, 'allow');
  expect((await round('resume', sentenceOfDecision(allowed), [allowed])).ending.kind).toBe('completed');
  expect(readFileSync(inWorkspace('.mcp.json'), 'utf8')).toBe('mine\n');
});

withBubblewrap('a call that differs in one letter from what was allowed is wanted for itself', async () => {
  await open([[write('.mcp.json', 'mine\n')]]);
  const { permission } = wantedIn(await round('new', 'Do it'));
  answers = [[write('.mcp.json', 'mine!\n')]];
  const second = wantedIn(await round('resume', 'Go on', [decisionOf(permission, 'allow')]));
  expect(second.permission).not.toEqual(permission);
  expect(existsSync(inWorkspace('.mcp.json'))).toBe(false);
});

withBubblewrap('what a person refused is refused at once when it comes again, with their words', async () => {
  await open([[write('.mcp.json', 'mine\n')]]);
  const refused = decisionOf(wantedIn(await round('new', 'Do it')).permission, 'refuse: use a README');
  expect((await round('resume', sentenceOfDecision(refused), [refused])).ending.kind).toBe('completed');
  expect(told.at(-1)).toContain('use a README');
  expect(existsSync(inWorkspace('.mcp.json'))).toBe(false);
});

withBubblewrap(
  'of several calls that need permission each is asked for in its turn, and all are made in the end',
  async () => {
    await open([[write('.mcp.json', 'a\n'), write('.bashrc', 'b\n'), write('plain.txt', 'c\n')]]);
    const decided: Decision[] = [];
    let last = await round('new', 'Do it');
    while (last.ending.kind === 'wants-permission' && decided.length < 3) {
      decided.push(decisionOf(wantedIn(last).permission, 'allow'));
      last = await round('resume', 'Go on', decided);
    }
    expect(decided).toHaveLength(2);
    expect(last.ending.kind).toBe('completed');
    for (const name of ['.mcp.json', '.bashrc', 'plain.txt']) expect(existsSync(inWorkspace(name))).toBe(true);
  },
);

withBubblewrap(
  'a host that is not among the allowed ones is wanted, and then a command may try to reach it',
  async () => {
    await open([[reach]]);
    const wanted = wantedIn(await round('new', 'Do it'));
    expect(wanted.permission).toEqual({ kind: 'host', host: 'registry.example' });
    expect(wanted.text).toContain('curl');
    // The command got no answer to make something of.
    expect(told.filter((text) => text.includes('403'))).toEqual([]);
    expect((await round('resume', 'Go on', [decisionOf(wanted.permission, 'allow')])).ending.kind).toBe('completed');
    expect(told.at(-1)).toMatch(/^502|Bad Gateway|^000/);
    expect((await round('resume', 'Go on', [decisionOf(wanted.permission, 'refuse')])).ending.kind).toBe('completed');
    expect(told.at(-1)).toContain('denied');
  },
);

withBubblewrap('an address is refused and nobody is asked', async () => {
  await open([[bash('curl -sS -m 5 http://127.0.0.1:9/ http://10.0.0.1/ http://localhost:9/ 2>&1', 'Look')]]);
  expect((await round('new', 'Do it')).ending.kind).toBe('completed');
});

withBubblewrap('what the guard refuses stays refused and is not asked', async () => {
  await open([[write('.git/config', 'x\n')], [write('../out.txt', 'x\n')]]);
  expect((await round('new', 'Do it')).ending.kind).toBe('completed');
  expect(told.join('\n')).toContain('belongs to git');
});

withBubblewrap('where nobody can be asked, all of it is refused', async () => {
  await open([[write('.mcp.json', 'x\n')], [reach]]);
  expect((await round('new', 'Do it', [], undefined, false)).ending.kind).toBe('completed');
  expect(existsSync(inWorkspace('.mcp.json'))).toBe(false);
  expect(told.at(-1)).toContain('403');
});

const asks: Block = {
  type: 'tool',
  name: 'AskUserQuestion',
  input: {
    questions: [
      {
        question: 'Which?',
        header: 'Which',
        multiSelect: false,
        options: [
          { label: 'A', description: 'a' },
          { label: 'B', description: 'b' },
        ],
      },
    ],
  },
};

const together: readonly (readonly Block[])[] = [
  [write('.mcp.json', 'a\n'), asks],
  [asks, write('.mcp.json', 'a\n')],
];

for (const [index, blocks] of together.entries()) {
  withBubblewrap(`a question and a wish in one answer are asked one after the other (order ${index + 1})`, async () => {
    await open([blocks]);
    const decided: Decision[] = [];
    const kinds: string[] = [];
    let last = await round('new', 'Do it');
    for (let asked = 0; asked < 4 && last.ending.kind !== 'completed'; asked += 1) {
      kinds.push(last.ending.kind);
      if (last.ending.kind === 'asks') {
        // Who was answered does not ask again.
        answers = [[write('.mcp.json', 'a\n')], [write('.mcp.json', 'a\n')]];
        const answered = { ...last.ending.call, words: 'A, please' };
        last = await round('resume', '', decided, answered);
      } else {
        decided.push(decisionOf(wantedIn(last).permission, 'allow'));
        last = await round('resume', 'Go on', decided);
      }
    }
    expect(kinds.toSorted()).toEqual(['asks', 'wants-permission']);
    expect(last.ending.kind).toBe('completed');
    expect(existsSync(inWorkspace('.mcp.json'))).toBe(true);
    expect(told.join('\n')).toContain('A, please');
  });
}
