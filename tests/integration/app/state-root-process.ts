/** A process of its own that opens one new state root after the other, and prints the name of each. */
import { join } from 'node:path';
import { openStateRoot } from '../../../src/app/state-root.ts';

const [folder = '', rounds, goAt, everyMs] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round += 1) {
  // Several of them begin each round side by side.
  while (Date.now() < Number(goAt) + round * Number(everyMs));
  const { machine } = await openStateRoot(join(folder, String(round)));
  console.log(machine);
}
