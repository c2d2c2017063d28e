import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { JsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { type OwnTool, type ToolAnswer, type ToolCall, ToolNotServable } from '../toolbox.ts';
import { withinLimit } from './answer-text.ts';

/** A tool, and whether an input fits it. */
export type CheckedTool = { readonly tool: OwnTool; readonly fits: JsonSchemaValidator<unknown> };

/** As the model API wants names, with room for the prefix that a coding agent gives them. */
const servableName = /^[A-Za-z0-9_-]{1,48}$/;
const longestComplaint = 2000;

/** The tools by name. Throws `ToolNotServable`. */
export function checkedTools(tools: readonly OwnTool[]): ReadonlyMap<string, CheckedTool> {
  const checked = new Map<string, CheckedTool>();
  for (const tool of tools) {
    const { name, inputSchema } = tool;
    if (!servableName.test(name)) throw new ToolNotServable(name, 'a name has up to 48 letters, digits, _ and -');
    if (checked.has(name)) throw new ToolNotServable(name, 'there are two of that name');
    if (inputSchema['type'] !== 'object') throw new ToolNotServable(name, 'its input has to be an object');
    checked.set(name, { tool, fits: validatorOf(tool) });
  }
  return checked;
}

/**
 * The answer of a tool to one call. Never rejects, and does not wait for a tool that goes on after the signal.
 *
 * @param onProblem told what a tool threw: the model must not read it, since nobody knows what stands in it
 */
export async function answerCall(
  { tool, fits }: CheckedTool,
  input: unknown,
  call: ToolCall,
  onProblem: (problem: string) => void,
): Promise<ToolAnswer> {
  const checked = fits(input);
  if (!checked.valid) {
    return failed(`The input does not fit the tool ${tool.name}: ${checked.errorMessage.slice(0, longestComplaint)}`);
  }
  const answer = answerOf(tool, input, call).catch((error: unknown) => {
    if (!call.signal.aborted) onProblem(`the tool ${tool.name} failed: ${String(error)}`);
    return failed(`The tool ${tool.name} failed: something went wrong inside Spiral, not with the input.`);
  });
  const ended = endOf(call.signal);
  try {
    return await Promise.race([answer, ended.value]);
  } finally {
    ended.forget();
  }
}

async function answerOf(tool: OwnTool, input: unknown, call: ToolCall): Promise<ToolAnswer> {
  const { text, isError } = await tool.call(input, call);
  return { text: withinLimit(text), ...(isError ? { isError } : {}) };
}

function endOf(signal: AbortSignal): { readonly value: Promise<ToolAnswer>; forget(): void } {
  let end: () => void = () => undefined;
  const value = new Promise<ToolAnswer>((resolve) => {
    end = () => resolve(failed('The call was ended.'));
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return { value, forget: () => signal.removeEventListener('abort', end) };
}

/** Each tool has a validator of its own: two schemas may call themselves by the same `$id`. */
function validatorOf({ name, inputSchema }: OwnTool): JsonSchemaValidator<unknown> {
  try {
    return new AjvJsonSchemaValidator().getValidator(inputSchema);
  } catch (error) {
    throw new ToolNotServable(name, `its input schema is none: ${error instanceof Error ? error.message : error}`);
  }
}

function failed(text: string): ToolAnswer {
  return { text, isError: true };
}
