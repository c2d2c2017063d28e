import type { ToolManifest } from '../../domain/tool.ts';
import { drawingOf } from './drawing.ts';
import { drawnInputs } from './drawn-inputs.ts';
import type { Complaint } from './fit.ts';
import { isJsonObject, type JsonObject, withProperty } from './json-value.ts';
import { type Mutation, mutationsOf } from './mutations.ts';

/** From more of them nothing new comes. */
const mostExamples = 12;
const mostMutations = 48;
const mostDrawn = 12;

export type TriedInput = {
  readonly input: unknown;
  /** `crossed`: made of parts that its author showed to work. */
  readonly from: 'mutation' | 'crossed' | 'schema';
};

/** The inputs that a tool is tried with beyond its examples: each fits its schema, and none is there twice. */
export function triedInputs(
  examples: readonly unknown[],
  { inputSchema }: Pick<ToolManifest, 'inputSchema'>,
  complaint: Complaint,
  seed: number,
): readonly TriedInput[] {
  const known = new Set(examples.map((input) => JSON.stringify(input)));
  const isNew = (input: unknown) => {
    const text = JSON.stringify(input);
    if (known.has(text) || complaint(input) !== undefined) return false;
    known.add(text);
    return true;
  };
  const first = examples.slice(0, mostExamples);
  const crossed = crossedInputs(first).filter(isNew).slice(0, mostCrossed);
  const mutated = chosen(first.flatMap(mutationsOf), isNew, seed);
  // Twice as many are drawn as are used: patterns and conditions are not drawn by.
  const drawn = drawnInputs(inputSchema, seed, mostDrawn * 2)
    .filter(isNew)
    .slice(0, mostDrawn);
  return [
    ...crossed.map((input) => ({ input, from: 'crossed' as const })),
    ...mutated.map((input) => ({ input, from: 'mutation' as const })),
    ...drawn.map((input) => ({ input, from: 'schema' as const })),
  ];
}

/** One of each kind, then a second one, and so on, until there are enough. */
function chosen(mutations: readonly Mutation[], isNew: (input: unknown) => boolean, seed: number): readonly unknown[] {
  const drawing = drawingOf(seed);
  const kinds = new Map<string, Mutation[]>();
  for (const mutation of drawing.shuffled(mutations)) {
    const there = kinds.get(mutation.kind);
    if (there) there.push(mutation);
    else kinds.set(mutation.kind, [mutation]);
  }
  const order = drawing.shuffled([...kinds.values()]);
  const inputs: unknown[] = [];
  for (let round = 0; order.some((kind) => kind.length > round); round += 1)
    for (const kind of order) {
      const next = kind[round];
      if (next && isNew(next.input)) inputs.push(next.input);
      if (inputs.length >= mostMutations) return inputs;
    }
  return inputs;
}

const mostCrossed = 8;

/** A property or an item of one example in another one: mostly something that can be answered. */
function crossedInputs(examples: readonly unknown[]): readonly unknown[] {
  const objects = examples.filter(isJsonObject);
  return objects.flatMap((one, index) =>
    objects.filter((_, other) => other !== index).flatMap((other) => crossedWith(one, other)),
  );
}

function crossedWith(one: JsonObject, other: JsonObject): JsonObject[] {
  const shared = Object.keys(one).filter((key) => Object.hasOwn(other, key));
  return shared.flatMap((key) => {
    const [mine, theirs] = [one[key], other[key]];
    const joined =
      Array.isArray(mine) && Array.isArray(theirs)
        ? [withProperty(one, key, [...mine, ...theirs]), withProperty(one, key, mine.toReversed())]
        : [];
    return shared.length > 1 ? [withProperty(one, key, theirs), ...joined] : joined;
  });
}
