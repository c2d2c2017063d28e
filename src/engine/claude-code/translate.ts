import { relative, resolve } from 'node:path';
import type { EngineEvent } from '../engine.ts';
import { endingOf } from './ending.ts';
import { refusedBySpiral } from './guard.ts';
import {
  type AssistantLine,
  type ClaudeLine,
  type DeniedLine,
  isText,
  isToolResult,
  isToolUse,
  type ResultLine,
  type RetryLine,
  type ToolResult,
  type ToolUse,
  type UserLine,
} from './lines.ts';

/** A tool call that has not come back: how it was told, and the command that it runs, if any. */
type OpenCall = { readonly step: string; readonly command?: string; readonly changes: boolean };

/** By the id of the call. */
export type OpenCalls = ReadonlyMap<string, OpenCall>;

export type Translated = { readonly events: readonly EngineEvent[]; readonly open: OpenCalls };

const longestReason = 200;

/** One message of Claude Code as 0..n events of ours. Pure; `open` of one call is handed to the next. */
export function translate(line: ClaudeLine, open: OpenCalls, workspace: string): Translated {
  switch (line.type) {
    case 'assistant':
      return fromAssistant(line, open, workspace);
    case 'user':
      return fromUser(line, open);
    case 'result':
      return { events: [finished(line)], open };
    case 'system':
      if (line.subtype === 'api_retry') return { events: [retry(line)], open };
      return denied(line, open);
  }
}

function denied(line: DeniedLine, open: OpenCalls): Translated {
  const calls = new Map(open);
  calls.delete(line.tool_use_id); // Told here; what comes back of it says the same in many words.
  const said = `${line.tool_name} was refused: outside what is allowed`;
  return { events: [{ kind: 'notice', key: `denied-${line.tool_use_id}`, line: said }], open: calls };
}

function fromAssistant(line: AssistantLine, open: OpenCalls, workspace: string): Translated {
  const events: EngineEvent[] = [];
  const calls = new Map(open);
  line.message.content.forEach((block, index) => {
    if (isText(block)) {
      const text = block.text.trim();
      if (text === '') return;
      const key = `${line.uuid}-${index}`;
      if (line.error) events.push({ kind: 'notice', key, line: firstLine(text) });
      else events.push({ kind: 'said', key, line: firstLine(text), text });
    } else if (isToolUse(block)) {
      const command = commandOf(block);
      const step = stepOf(block, workspace);
      const changes = !onlyLooks(block);
      calls.set(block.id, { step, changes, ...(command === undefined ? {} : { command }) });
      events.push({ kind: 'step', key: block.id, line: step, changes });
    }
  });
  return { events, open: calls };
}

function fromUser(line: UserLine, open: OpenCalls): Translated {
  const { content } = line.message;
  if (typeof content === 'string') return { events: [], open };
  const calls = new Map(open);
  const events: EngineEvent[] = [];
  for (const block of content) {
    if (!isToolResult(block)) continue;
    const call = calls.get(block.tool_use_id);
    calls.delete(block.tool_use_id);
    const refusal = refusalIn(block);
    if (refusal !== undefined) events.push({ kind: 'notice', key: `refused-${block.tool_use_id}`, line: refusal });
    else if (call && call.command === undefined && call.changes && block.is_error) events.push(failedCall(block, call));
    if (call?.command !== undefined) events.push(ranCommand(block, call.command));
  }
  return { events, open: calls };
}

/** A change that was announced and did not happen, for example because the disk is full. */
function failedCall(result: ToolResult, { step }: OpenCall): EngineEvent {
  const why = firstLine(textOf(result).replaceAll(/<\/?tool_use_error>/g, '')).slice(0, longestReason);
  return { kind: 'notice', key: `failed-${result.tool_use_id}`, line: `${step} failed: ${why}` };
}

function ranCommand(result: ToolResult, command: string): EngineEvent {
  const text = textOf(result);
  const failed = /^Exit code (\d+)\n?/.exec(text);
  const exitCode = result.is_error ? (failed ? Number(failed[1]) : null) : 0;
  return {
    kind: 'command',
    key: result.tool_use_id,
    command,
    exitCode,
    output: failed ? text.slice(failed[0].length) : wasInterrupted(text) ? 'interrupted' : text,
  };
}

/** Why our guard refused a call, as the model was told it. */
function refusalIn(result: ToolResult): string | undefined {
  const text = result.is_error ? textOf(result) : '';
  const begin = text.indexOf(refusedBySpiral);
  return begin === -1 ? undefined : firstLine(text.slice(begin));
}

/** What Claude Code tells the model when a person, here our time limit or a cancellation, broke a command off. */
function wasInterrupted(text: string): boolean {
  return text.startsWith("The user doesn't want to proceed with this tool use");
}

function finished(line: ResultLine): EngineEvent {
  const usages = Object.values(line.modelUsage);
  const sum = (count: (usage: (typeof usages)[number]) => number) =>
    usages.reduce((total, usage) => total + count(usage), 0);
  return {
    kind: 'finished',
    ending: endingOf(line),
    turns: line.num_turns,
    durationMs: line.duration_ms,
    text: line.is_error ? '' : (line.result ?? ''),
    session: {
      costUsd: line.total_cost_usd,
      inputTokens: sum((usage) => usage.inputTokens + usage.cacheReadInputTokens + usage.cacheCreationInputTokens),
      outputTokens: sum((usage) => usage.outputTokens),
    },
  };
}

function retry(line: RetryLine): EngineEvent {
  const status = line.error_status ? ` (${line.error_status})` : '';
  const error = line.error === 'unknown' || !line.error ? 'no answer' : line.error.replaceAll('_', ' ');
  const reason = `${error}${status}`;
  const seconds = (line.retry_delay_ms / 1000).toFixed(1);
  return {
    kind: 'notice',
    key: line.uuid,
    line: `Model API: ${reason}, retry ${line.attempt}/${line.max_retries} in ${seconds} s`,
  };
}

function stepOf(use: ToolUse, workspace: string): string {
  const path = (name: string) => {
    const value = use.input[name];
    return typeof value === 'string' ? relative(workspace, resolve(workspace, value)) || '.' : '';
  };
  const pattern = typeof use.input['pattern'] === 'string' ? use.input['pattern'] : '';
  switch (use.name) {
    case 'Bash':
      return `Running ${firstLine(commandOf(use) ?? 'a command')}`;
    case 'Write':
      return `Writing ${path('file_path')}`;
    case 'Edit':
      return `Editing ${path('file_path')}`;
    case 'Read':
      return `Reading ${path('file_path')}`;
    case 'Grep':
    case 'Glob':
      return `Searching for ${firstLine(pattern)}`;
    default:
      return `Using ${use.name.replace(/^mcp__spiral__/, '')}`;
  }
}

function onlyLooks({ name }: ToolUse): boolean {
  return name === 'Read' || name === 'Grep' || name === 'Glob';
}

function commandOf(use: ToolUse): string | undefined {
  const command = use.input['command'];
  return use.name === 'Bash' && typeof command === 'string' ? command : undefined;
}

function textOf(result: ToolResult): string {
  if (result.content === undefined) return '';
  if (typeof result.content === 'string') return result.content;
  return result.content.map((part) => part.text ?? '').join('\n');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}
