import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Person } from './program.ts';

/** The same person on a machine without some programs. */
export function without(person: Person, hidden: readonly string[]): Person {
  const folder = join(person.folder, 'programs');
  mkdirSync(folder, { recursive: true });
  const taken = new Set(hidden);
  for (const place of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place)) {
      if (!taken.has(name)) symlinkSync(join(place, name), join(folder, name));
      taken.add(name);
    }
  }
  return { ...person, environment: { ...person.environment, PATH: folder } };
}
