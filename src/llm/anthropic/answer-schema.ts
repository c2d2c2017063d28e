import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';

/**
 * A JSON Schema as the model API can hold an answer to it: bounds and patterns become words of the description. Undefined
 * for one that it cannot be told of at all.
 */
export function answerSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  if (schema['type'] !== 'object') return undefined;
  try {
    return { ...transformJSONSchema({ ...schema }) };
  } catch {
    return undefined; // It holds something without a type; the prompt tells the shape as well.
  }
}
