import { parseArgs } from 'node:util';
import { machine, otherWork } from './circumstances.ts';
import { coordination } from './coordination.ts';
import { discordBench } from './discord.ts';
import { gate } from './gate.ts';
import { gateway } from './gateway.ts';
import { memory } from './memory.ts';
import { messagesBench } from './messages.ts';
import { recovery } from './recovery.ts';
import { request } from './request.ts';
import { serve } from './serve.ts';
import { served } from './served.ts';
import { startup } from './startup.ts';
import { stop } from './stop.ts';
import { toolsBench } from './tools.ts';

/** `pairs`: how often it is measured, in place of what is usual for it. */
type Bench = (options: { readonly pairs?: number }) => Promise<void>;

/** Every figure that the project claims, by name. */
const benches: Readonly<Record<string, Bench>> = {
  startup,
  stop,
  recovery,
  serve,
  served,
  memory,
  request,
  gateway,
  gate,
  coordination,
  messages: messagesBench,
  tools: toolsBench,
  discord: discordBench,
};

const { values, positionals: wanted } = parseArgs({ allowPositionals: true, options: { pairs: { type: 'string' } } });
const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0 || (pairs !== undefined && !(Number.isInteger(pairs) && pairs > 0))) {
  console.error(`Usage: npm run bench -- [NAME...] [--pairs COUNT]. Names: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
console.log(machine());
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  console.log(`\n${name} (before it the machine was ${await otherWork()})`);
  await benches[name]?.(pairs === undefined ? {} : { pairs });
  console.log(`(after it the machine was ${await otherWork()})`);
}
