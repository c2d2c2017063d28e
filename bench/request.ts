import { once } from 'node:events';
import { printTable } from './figures.ts';
import { bareSdk, openStage, program, type Stage } from './stage.ts';

/** What a first request may weigh: as much as that of a bare session with its default options did when it was measured. */
const promisedBytes = 42_000;

/** How many bytes the first model request of a task has, beside that of a bare Agent SDK script with its default options. */
export async function request(): Promise<void> {
  const stage = await openStage(() => ({ kind: 'message', blocks: [{ type: 'text', text: 'Done.' }] }));
  try {
    const ours = await firstRequest(stage, [program, 'Write a note', '-w', stage.workspace('own')]);
    const peer = await firstRequest(stage, [bareSdk, stage.workspace('bare'), '{}']);
    printTable([
      ['first request, spiral "x"', weights(ours)],
      ['first request, bare Agent SDK, default options', weights(peer)],
      ['ratio to the default options', (bytesOf(ours) / bytesOf(peer)).toFixed(2)],
      [`at most ${promisedBytes} bytes`, bytesOf(ours) <= promisedBytes ? 'kept' : 'NOT KEPT'],
    ]);
  } finally {
    await stage.close();
  }
}

type Body = Stage['model']['received'][number]['body'];

async function firstRequest({ model, start }: Stage, args: readonly string[]): Promise<Body> {
  const seen = model.received.length;
  await once(start(args), 'exit');
  const first = model.received[seen];
  if (!first) throw new Error(`no model request came from: ${args.join(' ')}`);
  return first.body;
}

function weights(body: Body): string {
  const { system, tools = [], messages } = body;
  const parts = `system ${bytesOf(system)}, ${tools.length} tools ${bytesOf(tools)}, messages ${bytesOf(messages)}`;
  return `${bytesOf(body)} bytes (${parts})`;
}

/** As JSON without white space, which is how Claude Code sends it. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
