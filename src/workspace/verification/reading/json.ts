import type * as z from 'zod';

/** The value when the text is JSON of this shape, otherwise undefined. A byte order mark is allowed, as npm does. */
export function parseJson<Shape extends z.ZodType>(text: string, schema: Shape): z.infer<Shape> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
