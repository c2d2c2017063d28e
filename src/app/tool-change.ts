import { stat } from 'node:fs/promises';
import type { Tool } from '../domain/tool.ts';
import { changesOfTool } from '../domain/tool-changes.ts';
import type { ToolRequest } from '../domain/tool-request.ts';
import type { ToolChange } from '../spiral/tools.ts';
import { SpiralError } from '../spiral.ts';
import type { Store } from '../store/store.ts';
import { asPublished } from '../workflows/build-tool/publishable.ts';
import { toolIn } from './tool-in-store.ts';
import type { Toolbox } from './toolbox.ts';

/** See `ToolFace.toolChange`. */
export async function changeOf(
  nameOrRequest: string,
  store: Store,
  toolbox: Pick<Toolbox, 'needs'>,
): Promise<ToolChange> {
  const tool = await toolIn(store.tools, nameOrRequest);
  if (tool) return changeOfVersion(tool, tool.manifest.version, store);
  const [request, another] = await store.toolRequests.find(nameOrRequest);
  if (!request || another) {
    const problem = request
      ? `Several requests begin with ${nameOrRequest}`
      : `There is no tool and no request ${nameOrRequest}`;
    throw new SpiralError('usage', `${problem}.`, 'See spiral tools and spiral pending.');
  }
  const built = request.outcome?.kind === 'built' ? request.outcome : undefined;
  const served = await toolIn(store.tools, built?.name ?? request.name);
  return built && served
    ? changeOfVersion(served, built.version, store)
    : changeOfBuild(request, served, store, toolbox);
}

async function changeOfVersion(
  { manifest: { name }, versions }: Tool,
  version: string,
  { tools }: Store,
): Promise<ToolChange> {
  const before = versions[versions.indexOf(version) - 1];
  const [files, had] = await Promise.all([tools.files(name, version), before && tools.files(name, before)]);
  const lines = changesOfTool(had || undefined, files ?? new Map());
  return { name, version, ...(before === undefined ? {} : { before }), lines };
}

/** What the developer wrote, as it lies there now: published is only what the gate saw. */
async function changeOfBuild(
  { id, name, workTask }: ToolRequest,
  served: Tool | undefined,
  { tasks, tools }: Store,
  toolbox: Pick<Toolbox, 'needs'>,
): Promise<ToolChange> {
  const task = await tasks.get(workTask);
  const folder = task?.workspace;
  const status = folder === undefined ? undefined : await stat(folder).catch(() => undefined); // It is said below.
  if (folder === undefined || !status?.isDirectory()) {
    throw new SpiralError('unavailable', `Nothing of request ${id} lies on this machine.`, 'Look where it is built.');
  }
  const written = await (await toolbox.needs()).filesIn(folder);
  const state = task?.state.kind === 'waiting' ? task.state.resume : task?.state;
  const files = state?.kind === 'tooling' ? asPublished(written, state.build) : written;
  const version = served?.manifest.version;
  const before = version === undefined ? undefined : await tools.files(name, version);
  return { name, ...(version === undefined ? {} : { before: version }), lines: changesOfTool(before, files) };
}
