import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { figuresOf, printTable, ratiosOf, told } from './figures.ts';
import { residentMegabytes } from './processes.ts';
import { bareSdk, openStage, program, type Stage } from './stage.ts';

const usualPairs = 15;
const warmUps = 2;

/**
 * How long a person waits: `--help`, and from the start of `spiral "x"` to its first model request, beside a bare script
 * on the Agent SDK against the same scripted model, in pairs one after the other. The database is running already.
 */
export async function startup({ pairs = usualPairs } = {}): Promise<void> {
  const stage = await openStage(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Done.' }] }));
  try {
    help(stage, pairs);
    const ours: number[] = [];
    const peer: number[] = [];
    const memory: number[] = [];
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const us = () => firstRequest([program, 'Write a note', '-w', stage.workspace(`own-${pair}`)], stage);
      const them = () => firstRequest([bareSdk, stage.workspace(`bare-${pair}`)], stage);
      // The order changes from pair to pair, so that neither always runs on what the other has warmed.
      const [first, second] = pair % 2 === 0 ? [us, them] : [them, us];
      const one = await first();
      const two = await second();
      if (pair < warmUps) continue;
      const [mine, theirs] = pair % 2 === 0 ? [one, two] : [two, one];
      ours.push(mine.milliseconds);
      peer.push(theirs.milliseconds);
      memory.push(mine.megabytes);
    }
    printTable([
      ['first model request, spiral "x"', told(figuresOf(ours), 'ms')],
      ['first model request, bare Agent SDK', told(figuresOf(peer), 'ms')],
      [`ratio, pair by pair (${pairs} pairs)`, told(figuresOf(ratiosOf(ours, peer)), '', 2)],
      ['memory of our process at that moment', `${told(figuresOf(memory), 'MB')} RSS, children apart`],
    ]);
  } finally {
    await stage.close();
  }
}

function help({ environment }: Stage, pairs: number): void {
  const timesOf = (args: readonly string[]) =>
    Array.from({ length: warmUps + pairs }, () => {
      const begun = performance.now();
      spawnSync(process.execPath, [...args], { env: environment });
      return performance.now() - begun;
    }).slice(warmUps);
  printTable([
    ['spiral --help', told(figuresOf(timesOf([program, '--help'])), 'ms')],
    ['node -e 0, for comparison', told(figuresOf(timesOf(['-e', '0'])), 'ms')],
  ]);
}

async function firstRequest(
  args: readonly string[],
  { start, model: { received } }: Stage,
): Promise<{ readonly milliseconds: number; readonly megabytes: number }> {
  const seen = received.length;
  const begun = performance.now();
  const child = start(args);
  const ended = once(child, 'exit');
  while (received.length === seen && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const megabytes = child.pid === undefined ? Number.NaN : residentMegabytes([child.pid]);
  await ended;
  const first = received[seen];
  if (!first) throw new Error(`no model request came from: ${args.join(' ')}`);
  return { milliseconds: first.at - begun, megabytes };
}
