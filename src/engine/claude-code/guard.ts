import { isAbsolute, resolve } from 'node:path';
import type { HookCallback, HookCallbackMatcher } from '@anthropic-ai/claude-agent-sdk';
import * as z from 'zod';
import { type AnsweredCall, answersOf } from '../../domain/asked-person.ts';
import { toolWish } from '../../domain/tool-request.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { isNamed } from './own-tools.ts';
import { isWithin, landingOf } from './paths.ts';

export type GuardSetting = {
  /** Absolute, and without links. */
  readonly workspace: string;
  /** Folders outside of it, absolute and without links, whose files may be read. */
  readonly readable: readonly string[];
  /** The tools that there are; no other may be used. One that ends in `*` stands for all that begin so. */
  readonly tools: readonly string[];
  /** Those of them that the hook itself allows when nothing speaks against a call; the others go on to the permission mode. */
  readonly allowed?: readonly string[];
};

export type Judgement = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly reason: string };

const guardTimeoutSeconds = 10;

const allowed: Judgement = { kind: 'allowed' };

/** What a call may do with the place that it names. */
type Access = 'reads' | 'writes';

/** The tools that name a place, and how they call it. A place that is left out is the workspace. */
const placeOf: Readonly<
  Record<string, { readonly key: string; readonly access: Access; readonly mayBeMissing?: true }>
> = {
  Read: { key: 'file_path', access: 'reads' },
  Write: { key: 'file_path', access: 'writes' },
  Edit: { key: 'file_path', access: 'writes' },
  MultiEdit: { key: 'file_path', access: 'writes' },
  NotebookEdit: { key: 'notebook_path', access: 'writes' },
  Grep: { key: 'path', access: 'reads', mayBeMissing: true },
  Glob: { key: 'path', access: 'reads', mayBeMissing: true },
};

const callSchema = z.record(z.string(), z.unknown());

/**
 * Whether a tool call may be carried out. What is not understood is refused. It follows links, and so looks at the files as
 * they are now.
 *
 * @param folder the folder that relative paths begin at
 */
export function judge(tool: string, input: unknown, folder: string, setting: GuardSetting): Judgement {
  if (!isNamed(tool, setting.tools)) return refused(`there is no tool ${tool} here`);
  const call = callSchema.safeParse(input);
  if (!call.success) return refused(`the call of ${tool} could not be understood`);
  if (tool === 'Bash') return judgeCommand(call.data);
  const place = placeOf[tool];
  // A tool of ours, served over MCP, names no file of this machine.
  if (!place) return tool.startsWith('mcp__') ? allowed : refused(`nothing is known of the tool ${tool}`);
  const unknown = Object.keys(call.data).find((key) => key !== place.key && /path|file|folder|dir|uri|url/i.test(key));
  if (unknown !== undefined) return refused(`${tool} knows no ${unknown}`);
  const named = call.data[place.key] ?? (place.mayBeMissing ? '.' : undefined);
  if (typeof named !== 'string') return refused(`the call of ${tool} names no ${place.key}`);
  const judgement = judgePath(named, place.access, folder, setting);
  if (judgement.kind === 'refused') return judgement;
  for (const key of ['pattern', 'glob'] as const) {
    const pattern = call.data[key];
    if (pattern === undefined || (tool === 'Grep' && key === 'pattern')) continue;
    if (typeof pattern !== 'string' || leadsAway(pattern, folder, setting))
      return refused(`the ${key} ${String(pattern)} could lead out of the workspace`);
  }
  return allowed;
}

/**
 * The guard as a hook that is asked before every tool call. A failure of it refuses the call.
 *
 * @param exchange hears of questions, and of the answer that one gets
 */
export function guardHook(
  setting: GuardSetting,
  answered?: AnsweredCall,
  exchange: Pick<Exchange, 'ask' | 'handOver'> = openExchange(),
): HookCallbackMatcher {
  const ask: HookCallback = async (event) => {
    if (event.hook_event_name !== 'PreToolUse') return denial('an unknown kind of question');
    if (event.tool_name === askingTool && setting.tools.includes(askingTool)) {
      const isAnswered = answered?.id === event.tool_use_id;
      if (isAnswered) exchange.handOver();
      else if (!exchange.ask()) return denial(laterOn);
      return toPerson(event.tool_input, isAnswered ? answered : undefined);
    }
    if (isRequestThatWaits(event.tool_name, event.tool_input, setting)) {
      if (answered?.id === event.tool_use_id) exchange.handOver();
      else return exchange.ask() ? deferral : denial(laterOn);
    }
    const judgement = judge(event.tool_name, event.tool_input, event.cwd, setting);
    if (judgement.kind === 'refused') return denial(judgement.reason);
    return isNamed(event.tool_name, setting.allowed ?? []) ? permission : {};
  };
  return { hooks: [ask], timeout: guardTimeoutSeconds, onFailure: 'block' };
}

/** Claude Code's tool to ask whoever sits before it. */
export const askingTool = 'AskUserQuestion';

/** Our tool by which an agent asks for another one. */
export const requestingTool = 'mcp__spiral__request_tool';

/** Whether a call asks for a tool without which the work cannot go on: the session sleeps until that is there or refused. */
export function isRequestThatWaits(tool: string, input: unknown, { tools }: Pick<GuardSetting, 'tools'>): boolean {
  if (tool !== requestingTool || !tools.includes(askingTool)) return false;
  const wish = toolWish.safeParse(input);
  // What is wrong with a wish that cannot be understood is told by the tool itself.
  return wish.success && wish.data.blocking;
}

/** A question to a person ends the session; when it goes on, the call is made again and gets the person's words. */
function toPerson(input: unknown, answered: AnsweredCall | undefined) {
  if (!answered) return deferral;
  const call = callSchema.safeParse(input);
  if (!call.success) return denial('the question could not be understood');
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse' as const,
      permissionDecision: 'allow' as const,
      updatedInput: { ...call.data, answers: answersOf(answered) },
    },
  };
}

/** Why a call is refused that could be made when a person has answered another. */
export const laterOn = 'a person is asked something else first; make this call again after that';

/** How the reason begins that the model gets for a call that was refused. */
export const refusedBySpiral = 'Refused by Spiral: ';

const deferral = {
  hookSpecificOutput: { hookEventName: 'PreToolUse' as const, permissionDecision: 'defer' as const },
};

const permission = {
  hookSpecificOutput: { hookEventName: 'PreToolUse' as const, permissionDecision: 'allow' as const },
};

function denial(reason: string) {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse' as const,
      permissionDecision: 'deny' as const,
      permissionDecisionReason: `${refusedBySpiral}${reason}.`,
    },
  };
}

function judgeCommand(call: Readonly<Record<string, unknown>>): Judgement {
  const command = call['command'];
  if (typeof command !== 'string' || command.includes('\0')) return refused('the command could not be understood');
  if (isWished(call['dangerouslyDisableSandbox'])) return refused('commands run in the sandbox only');
  if (isWished(call['run_in_background'])) return refused('commands cannot run in the background');
  return allowed;
}

function judgePath(named: string, access: Access, folder: string, setting: GuardSetting): Judgement {
  if (named.includes('\0') || named.trim() !== named || named === '' || /^(~|file:|\\\\)/i.test(named))
    return refused(`the path ${JSON.stringify(named)} could be read in more than one way`);
  for (const spelling of spellingsOf(named)) {
    const landing = landingOf(resolve(folder, spelling));
    const inWorkspace = landing !== undefined && isWithin(landing, setting.workspace);
    const isReadable = landing !== undefined && setting.readable.some((readable) => isWithin(landing, readable));
    if (!inWorkspace && !(access === 'reads' && isReadable)) return refused(`${named} lies outside the workspace`);
    if (access === 'writes' && isInRepository(landing, setting.workspace))
      return refused(`${named} belongs to git, which no tool may change by hand`);
  }
  return allowed;
}

/**
 * A path in each way in which it could be understood: Claude Code may spell the letters of a name in another way, and so
 * reach another file; and behind a link, `..` leaves the folder that the link leads to, unless it was taken away before.
 */
function spellingsOf(path: string): Set<string> {
  const steps = path.split('/');
  const beforeDots = steps.flatMap((step, index) =>
    step === '..' && index > 0 ? [steps.slice(0, index).join('/') || '/'] : [],
  );
  return new Set([path, ...beforeDots].flatMap((way) => [way, way.normalize('NFC'), way.normalize('NFD')]));
}

/** The data of git itself, however a file system spells it. */
function isInRepository(landing: string, workspace: string): boolean {
  const inside = landing.slice(workspace.length).toLowerCase().split('/');
  return inside.some((name) => name === '.git' || name === 'git~1');
}

/** A pattern may only go down from where it starts. */
function leadsAway(pattern: string, folder: string, setting: GuardSetting): boolean {
  if (pattern.includes('\0') || pattern.trim() !== pattern || /(^|[/{,(|])(\.\.|~)/.test(pattern)) return true;
  // Alternatives could begin at the root.
  if (/[{,(|]\//.test(pattern)) return true;
  if (!isAbsolute(pattern)) return false;
  const fixed = pattern.slice(0, pattern.search(/[*?[{(!@+]|$/));
  const begin = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  return judgePath(begin, 'reads', folder, setting).kind === 'refused';
}

/** A flag that is anything but plainly off. */
function isWished(flag: unknown): boolean {
  return flag !== undefined && flag !== false && flag !== null;
}

function refused(reason: string): Judgement {
  return { kind: 'refused', reason };
}
