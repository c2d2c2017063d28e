import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';
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
    const problem = problemOf(tool, checked);
    if (problem !== undefined) throw new ToolNotServable(tool.name, problem);
    checked.set(tool.name, checkedTool(tool));
  }
  return checked;
}

/**
 * Those of the tools that can be listed, by name; of two of one name it is the first.
 *
 * @param onProblem told of the others
 */
export function listableTools(
  tools: readonly OwnTool[],
  onProblem: (problem: ToolNotServable) => void,
): ReadonlyMap<string, OwnTool> {
  const listable = new Map<string, OwnTool>();
  for (const tool of tools) {
    const problem = problemOf(tool, listable);
    if (problem === undefined) listable.set(tool.name, tool);
    else onProblem(new ToolNotServable(tool.name, problem));
  }
  return listable;
}

/** The tool that is listed under this name. */
export function listedTool(tools: readonly OwnTool[], name: string): OwnTool | undefined {
  return listableTools(
    tools.filter((tool) => tool.name === name),
    () => undefined,
  ).get(name);
}

/** Throws `ToolNotServable`. */
export function checkedTool(tool: OwnTool): CheckedTool {
  return { tool, fits: validatorOf(tool) };
}

function problemOf({ name, inputSchema }: OwnTool, others: ReadonlyMap<string, unknown>): string | undefined {
  if (!servableName.test(name)) return 'a name has up to 48 letters, digits, _ and -';
  if (others.has(name)) return 'there are two of that name';
  if (inputSchema['type'] !== 'object') return 'its input has to be an object';
  return isUnderstood(inputSchema) ? undefined : 'clients do not understand its input schema';
}

/** Of schemas that were looked at already; most are listed again and again. */
const understood = new WeakMap<OwnTool['inputSchema'], boolean>();

/** Clients refuse the whole list when one of the tools in it is not as the protocol wants it. */
function isUnderstood(inputSchema: OwnTool['inputSchema']): boolean {
  const before = understood.get(inputSchema);
  if (before !== undefined) return before;
  const { success } = ToolSchema.shape.inputSchema.safeParse(inputSchema);
  understood.set(inputSchema, success);
  return success;
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
function validatorOf({ name, inputSchema, checksInput }: OwnTool): JsonSchemaValidator<unknown> {
  if (checksInput) return (input) => ({ valid: true, data: input, errorMessage: undefined });
  try {
    return new AjvJsonSchemaValidator().getValidator(inputSchema);
  } catch (error) {
    throw new ToolNotServable(name, `its input schema is none: ${error instanceof Error ? error.message : error}`);
  }
}

function failed(text: string): ToolAnswer {
  return { text, isError: true };
}
