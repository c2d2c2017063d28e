import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from './program.ts';

/** Writes a person's config.toml. */
export function configure(person: Person, toml: string): void {
  const home = person.environment['SPIRAL_HOME'] ?? '';
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'config.toml'), toml, { mode: 0o600 });
}
