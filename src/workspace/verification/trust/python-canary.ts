import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Canary, Suite } from '../runner.ts';

/** The canary of a python test runner: wherever the interpreter lies, what it loads may lie where an agent can write. */
export function pythonCanary(
  runner: string,
  name: string,
  text: (passing: string, failing: string) => string,
  suiteIn: (folder: string) => Pick<Suite, 'command' | 'read'>,
): Canary {
  return {
    runner,
    async prepare(folder, passing, failing) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), text(passing, failing));
      return suiteIn(folder);
    },
  };
}
