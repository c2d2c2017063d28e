import { parse } from 'smol-toml';

/** A file of more lines is not searched; the message then names the key alone. */
const mostLines = 1_000;

/**
 * The lines, from 1, on which the statements begin that give values to keys: a statement ends with the first beginning of
 * the text that can be parsed and knows the key. The parser itself tells positions of syntax errors only.
 *
 * @param text parses as a whole
 * @param paths of the keys; numbers (places in a list) are found at the key that holds the list
 */
export function linesOf(text: string, paths: readonly (readonly PropertyKey[])[]): (number | undefined)[] {
  const found: (number | undefined)[] = paths.map(() => undefined);
  const lines = text.split(/\r?\n/);
  if (lines.length > mostLines) return found;
  const names = paths.map(withoutPlaces);
  let begin = 1;
  for (let count = 1; count <= lines.length && found.includes(undefined); count += 1) {
    const parsed = parsedIfWhole(lines.slice(0, count).join('\n'));
    if (parsed === undefined) continue;
    for (const [index, path] of names.entries()) {
      if (found[index] === undefined && knows(parsed, path)) found[index] = begin;
    }
    begin = count + 1;
  }
  return found;
}

function withoutPlaces(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const place = path.findIndex((part) => typeof part === 'number');
  return place === -1 ? path : path.slice(0, place);
}

/** Undefined while the text ends inside a statement, such as a list over several lines. */
function parsedIfWhole(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function knows(table: unknown, [name, ...rest]: readonly PropertyKey[]): boolean {
  if (name === undefined) return true;
  return (
    typeof table === 'object' && table !== null && Object.hasOwn(table, name) && knows(Reflect.get(table, name), rest)
  );
}

/** What stands in a parsed file under a path; undefined when nothing does. */
export function valueAt(table: unknown, [name, ...rest]: readonly PropertyKey[]): unknown {
  if (name === undefined) return table;
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, name)) return undefined;
  return valueAt(Reflect.get(table, name), rest);
}
