import type { Tool } from '../../domain/tool.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine } from '../plain-text.ts';
import { toolChangeLines } from '../render/tool-change.ts';
import { toolHistoryLines, toolLines } from '../render/tool-details.ts';
import { toolListLines } from '../render/tool-list.ts';
import { UsageError } from '../usage-error.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

type Shown = { readonly json: boolean };

/** `spiral tools`. */
export async function listTools({ json }: Shown, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const tools = await spiral.tools();
    print(json ? tools.map((tool) => JSON.stringify(tool)) : toolListLines(tools, Date.now()));
    return exitCodes.succeeded;
  });
}

/** `spiral tools show NAME`. */
export async function showTool(name: string, { json }: Shown, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const tool = await findTool(spiral, name);
    const [history, manual] = await Promise.all([spiral.toolVersions(name), spiral.toolManual(name)]);
    print(json ? [JSON.stringify({ ...tool, history, manual })] : toolLines(tool, history, manual));
    return exitCodes.succeeded;
  });
}

/** `spiral tools show NAME|REQUEST --diff`. */
export async function showToolChange(nameOrRequest: string, { json }: Shown, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const change = await spiral.toolChange(nameOrRequest);
    print(json ? [JSON.stringify(change)] : toolChangeLines(change));
    return exitCodes.succeeded;
  });
}

/** `spiral tools history NAME`: every version that there ever was. */
export async function toolHistory(name: string, { json }: Shown, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const tool = await findTool(spiral, name);
    const history = await spiral.toolVersions(name);
    print(json ? history.map((version) => JSON.stringify(version)) : toolHistoryLines(tool, history));
    return exitCodes.succeeded;
  });
}

/** `spiral tools rollback NAME [VERSION]`: without a version the one before the served one. Forward goes as well. */
export async function rollBackTool(
  name: string,
  wanted: string | undefined,
  reason: string,
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const tool = await findTool(spiral, name);
    const served = tool.manifest.version;
    const version = wanted ?? tool.versions[tool.versions.indexOf(served) - 1];
    if (version === undefined) {
      throw new UsageError(`There is no version of ${name} before ${served}.`, `See spiral tools history ${name}`);
    }
    if (version === served) throw new UsageError(`${name} ${served} is served already.`, versionsOf(tool));
    if (!tool.versions.includes(version)) {
      throw new UsageError(`There is no version ${oneLine(version, 40)} of ${name}.`, versionsOf(tool));
    }
    await spiral.serveTool(name, version, reason);
    const retired = tool.status === 'retired' ? `, once it is offered again: spiral tools restore ${name}` : '';
    print([`✅ ${name} ${version} is used from now on, also in sessions that run${retired}.`]);
    return exitCodes.succeeded;
  });
}

/** `spiral tools retire NAME --reason WORDS`. */
export async function retireTool(name: string, reason: string, context: CommandContext): Promise<number> {
  if (reason.trim() === '') throw new UsageError('The reason is empty.', 'Say why: --reason "nobody uses it"');
  return withSystem(context, async (spiral) => {
    await findTool(spiral, name);
    if (!(await spiral.retireTool(name, reason.trim()))) {
      throw new UsageError(`The tool ${name} is retired already.`, 'See spiral tools');
    }
    print([`✅ ${name} is offered to nobody any more. Nothing of it is deleted: spiral tools restore ${name}`]);
    return exitCodes.succeeded;
  });
}

/** `spiral tools restore NAME`. */
export async function restoreTool(name: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const { manifest } = await findTool(spiral, name);
    if (!(await spiral.restoreTool(name)))
      throw new UsageError(`The tool ${name} is offered already.`, 'See spiral tools');
    print([`✅ ${name} ${manifest.version} is offered again.`]);
    return exitCodes.succeeded;
  });
}

async function findTool(spiral: Pick<Spiral, 'tools'>, name: string): Promise<Tool> {
  const tool = (await spiral.tools()).find(({ manifest }) => manifest.name === name);
  if (tool) return tool;
  throw new UsageError(`There is no tool ${oneLine(name, 60)}.`, 'See what there is: spiral tools');
}

function versionsOf({ versions }: Tool): string {
  return `There are ${versions.join(', ')}.`;
}
