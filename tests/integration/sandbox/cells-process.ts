// Cells of a process of its own, so that they can belong to another user: see cells.ts.
import { createInterface } from 'node:readline';
import { openToolCells } from '../../../src/sandbox/cells/open-cells.ts';
import type { ToolRun } from '../../../src/sandbox/cells.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import type { Setting } from './cells.ts';

const setting = JSON.parse(process.argv[2] ?? '') as Setting;
const cells = openToolCells(openRunFile(setting.stateRoot), setting);
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, run } = JSON.parse(line) as { id: number; run: ToolRun };
  void cells.run(run).then((result) => console.log(JSON.stringify({ id, result })));
});
