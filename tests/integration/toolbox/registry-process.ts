import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { openRegistry } from '../../../src/toolbox/registry/open-registry.ts';

/** A process that loads a tool again and again, and says at its end what became of it. */
const [databaseUrl = '', folder = '', name = '', times = '1'] = process.argv.slice(2);

const store = await openPostgresStore({ databaseUrl });
const problems: string[] = [];
const registry = openRegistry({ folder, tools: store.tools, onProblem: (problem) => problems.push(problem) });
const failures: string[] = [];
console.log('ready');
for (let time = 0; time < Number(times); time += 1) {
  await registry.load(name).catch((error: unknown) => failures.push(String(error)));
}
await registry.close();
await store.close();
console.log(JSON.stringify({ problems, failures }));
