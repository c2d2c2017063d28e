import * as z from 'zod';
import { type AskedProcess, startAsked } from './asked-process.ts';
import { differencesOf, figuresOf, printTable, ratiosOf, told } from './figures.ts';
import { bareTurns, openStage, ownTasks, type Stage } from './stage.ts';

const usualPairs = 15;
const warmUps = 3;
const promisedMs = 50;

const ownSchema = z.object({ status: z.literal('succeeded'), finishedMs: z.number(), roundOverMs: z.number() });
const bareSchema = z.object({ resultMs: z.number(), endMs: z.number() });

/**
 * What a task costs in time over a bare turn of the Agent SDK, in processes that live on: from `submit` to the event
 * `task.finished` as a watcher gets it, beside from `query()` to its result. Both start Claude Code anew for each task.
 */
export async function served({ pairs = usualPairs } = {}): Promise<void> {
  const stage = await openStage(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Done.' }] }));
  const own = startAsked(ownTasks, stage.environment, stage.folder);
  const bare = startAsked(bareTurns, stage.environment, stage.folder);
  try {
    const ours: (z.infer<typeof ownSchema> & Asked)[] = [];
    const peer: (z.infer<typeof bareSchema> & Asked)[] = [];
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const us = () => asked(own, stage, `own-${pair}`, ownSchema);
      const them = () => asked(bare, stage, `bare-${pair}`, bareSchema);
      // The order changes from pair to pair, so that neither always runs on what the other has warmed.
      const ourFirst = pair % 2 === 0 ? await us() : undefined;
      const theirs = await them();
      const mine = ourFirst ?? (await us());
      if (pair < warmUps) continue;
      ours.push(mine);
      peer.push(theirs);
    }
    const finished = ours.map(({ finishedMs }) => finishedMs);
    const result = peer.map(({ resultMs }) => resultMs);
    const ended = peer.map(({ endMs }) => endMs);
    const added = figuresOf(differencesOf(finished, result));
    printTable([
      ['to the first model request, ours', told(figuresOf(ours.map(({ requestMs }) => requestMs)), 'ms')],
      ['to the first model request, bare Agent SDK', told(figuresOf(peer.map(({ requestMs }) => requestMs)), 'ms')],
      ['submit to task.finished', told(figuresOf(finished), 'ms')],
      ['bare Agent SDK, query() to its result', told(figuresOf(result), 'ms')],
      ['bare Agent SDK, until Claude Code has ended', told(figuresOf(ended), 'ms')],
      [`added over the result, pair by pair (${pairs} pairs)`, told(added, 'ms')],
      ['added over the end of Claude Code', told(figuresOf(differencesOf(finished, ended)), 'ms')],
      ['ratio to the result', told(figuresOf(ratiosOf(finished, result)), '', 2)],
      [
        'of ours behind the round (changes, test run, outcome)',
        told(figuresOf(ours.map(({ roundOverMs }) => roundOverMs)), 'ms'),
      ],
      [`added below ${promisedMs} ms in the middle`, added.median < promisedMs ? 'kept' : 'NOT KEPT'],
    ]);
    console.log('The workspaces are empty: our own test run only finds that there is nothing to run.');
  } finally {
    await own.end();
    await bare.end();
    await stage.close();
  }
}

type Asked = { readonly requestMs: number };

/** Has one task done in an empty workspace; the time to its first model request is that of the stand-in. */
async function asked<Answer>(
  process: AskedProcess,
  { model: { received }, workspace }: Stage,
  name: string,
  schema: z.ZodType<Answer>,
): Promise<Answer & Asked> {
  const seen = received.length;
  const message = { workspace: workspace(name) };
  const begun = performance.now();
  const answer = schema.parse(await process.ask(message));
  return { ...answer, requestMs: (received[seen]?.at ?? Number.NaN) - begun };
}
