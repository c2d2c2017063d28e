import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { bash, say, write } from '../../src/rehearsal/play.ts';
import type { Script } from '../../src/rehearsal/server.ts';
import { writeFilesOfPage } from '../support/files-of-page.ts';
import { embedded } from '../support/installations.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

const repository = resolve(import.meta.dirname, '../..');
const binary = join(repository, 'dist/main.js');
const inConfinement = needs('bwrap');

let on: Stage;
let attempts: readonly string[] = [];
/** What the commands of the agent printed, in their order. */
let printed: string[];

/** Agents see what is on the search path, wherever this repository lies. */
const exported = { PATH: [process.env['PATH'], repository].join(delimiter) };

const script: Script = ({ prompts, turn, results }) => {
  if ((prompts.at(0) ?? '').includes('Set the tools up') && turn === 0) {
    return { kind: 'message', blocks: [say('I set them up.'), write('.mcp.json', 'mine\n')] };
  }
  printed.push(...results.map(({ text }) => text));
  const command = attempts[turn];
  return { kind: 'message', blocks: [command === undefined ? say('Done.') : bash(command, 'Try it')] };
};

beforeEach(async () => {
  printed = [];
  on = await embedded.stage(script, exported);
});
afterEach(() => on.close());

/** The program as an agent may start it: with every variable that points to the state of the person. */
function asAgent(...args: readonly string[]): string {
  const { HOME, SPIRAL_HOME } = on.person.environment;
  const command = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  return `export HOME='${HOME}' SPIRAL_HOME='${SPIRAL_HOME}'; ${command} 2>&1; echo "exit $?"`;
}

inConfinement(
  'an agent can start the program and decides nothing with it: neither a tool nor an answer nor a grant',
  async () => {
    const { person } = on;
    const own = join(person.folder, 'own');
    mkdirSync(own);
    writeFilesOfPage('tools.md', own);
    const asked = await run(person, ['Set the tools up', '-w', person.workspace, '--json']);
    const question = asked.events.find((event) => event.type === 'question.asked');
    if (question?.type !== 'question.asked') throw new Error('nobody was asked');

    attempts = [
      `'${process.execPath}' '${binary}' --version`,
      asAgent('tools', 'adopt', 'days-between', '--cases', 'days-between-cases.json'),
      asAgent('answer', question.questionId, 'allow', '--detach'),
      asAgent('decide', question.questionId, 'approve', '--agents', 'dev', '--max-prompts', '30', '--deadline', '2d'),
      asAgent('grant', question.taskId, '--usd', '1000'),
      asAgent('pending'),
    ];
    expect((await run(person, ['Try', '-w', own, '--json'])).exitCode).toBe(0);

    const [version, adoption, answer, decision, grant, seen] = printed;
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(adoption).toMatch(/exit 1$/);
    for (const tried of [answer, decision, grant]) expect(tried).toMatch(/No open (?:question|request)[\s\S]*exit 2$/);
    expect(seen).toContain('Nothing waits for you');

    // What counts is what is there afterwards.
    const pending = await run(person, ['pending']);
    expect(pending.stdout).toContain(question.questionId);
    expect((await run(person, ['tools', '--json'])).stdout).toBe('');
    expect(() => readFileSync(join(person.workspace, '.mcp.json'))).toThrow('ENOENT');
    // The very files that the agent could not adopt a person can.
    const adopted = await run(person, ['tools', 'adopt', 'days-between', '--cases', 'days-between-cases.json'], own);
    expect(adopted.stdout).toContain('days-between 1.0.0 is adopted');
  },
);
