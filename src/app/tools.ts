import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ToolUse } from '../domain/tool.ts';
import { type Spiral, SpiralError } from '../spiral.ts';
import type { BuiltToolNeeds } from '../toolbox/registry/as-own-tool.ts';
import { offeredTo } from '../toolbox/registry/built-tools.ts';
import type { Parts } from './parts.ts';
import { adoptionOf, noToolNamed } from './tool-adoption.ts';
import { changeOf } from './tool-change.ts';
import { toolIn, toolsIn } from './tool-in-store.ts';

/** A person and other programs of theirs, to whom all calls count that no agent makes. */
const person = { agent: 'human' } as const;

/** The part of the face of the system that is about the tools that there are. */
export function toolsOfPeople(
  parts: Pick<Parts, 'store' | 'toolbox' | 'now' | 'report'>,
): Pick<
  Spiral,
  | 'tools'
  | 'toolVersions'
  | 'toolChange'
  | 'toolManual'
  | 'callTool'
  | 'proveTool'
  | 'adoptTool'
  | 'serveTool'
  | 'restoreTool'
  | 'serveMcp'
> {
  async function needs(
    workspace: string | undefined,
    counted: (use: ToolUse) => void = () => undefined,
  ): Promise<BuiltToolNeeds & Parameters<typeof offeredTo>[2]> {
    const [{ registry }, place] = await Promise.all([parts.toolbox.needs(), placeOf(workspace)]);
    return {
      registry,
      async used(use) {
        counted(use);
        await (await parts.store()).tools.used(use);
      },
      run: (loaded, input, signal) => parts.toolbox.run(loaded, input, place, signal),
      onProblem: parts.report,
    };
  }

  return {
    ...adoptionOf(parts),
    tools: async () => toolsIn((await parts.store()).tools, parts.report),
    toolVersions: async (name) => (await parts.store()).tools.versions(name),
    toolChange: async (nameOrRequest) => changeOf(nameOrRequest, await parts.store(), parts.toolbox),
    async toolManual(name) {
      const { tools } = await parts.store();
      const tool = await toolIn(tools, name);
      const files = tool && (await tools.files(name, tool.manifest.version));
      const manual = files?.get('SKILL.md');
      return manual && Buffer.from(manual).toString('utf8');
    },
    async callTool({ name, input, workspace }, signal) {
      const tool = await toolIn((await parts.store()).tools, name);
      if (!tool) throw noToolNamed(name);
      if (tool.status === 'retired') {
        throw new SpiralError('usage', `The tool ${name} is retired.`, `Offer it again: spiral tools restore ${name}`);
      }
      const [{ asOwnTool }, given] = await Promise.all([
        import('../toolbox/registry/as-own-tool.ts'),
        needs(workspace, ({ outcome }) => {
          counted = outcome;
        }),
      ]);
      let counted: ToolUse['outcome'] | undefined;
      const { text, isError } = await asOwnTool(tool, person, given).call(input, { signal });
      return { text, outcome: counted ?? (isError ? 'unavailable' : 'succeeded') };
    },
    serveTool: async (name, version, reason) => (await parts.store()).tools.serve(name, version, reason),
    restoreTool: async (name) => (await parts.store()).tools.restore(name),
    async serveMcp({ workspace, ...channel }, signal) {
      const [{ serveOverStdio }, given] = await Promise.all([import('../toolbox/mcp/stdio.ts'), needs(workspace)]);
      await serveOverStdio(offeredTo(person, [], given), channel, parts.report, signal);
    },
  };
}

async function placeOf(workspace: string | undefined): Promise<{ readonly workspace?: string }> {
  if (workspace === undefined) return {};
  try {
    return { workspace: await realpath(resolve(workspace)) };
  } catch {
    throw new SpiralError('usage', `There is no folder ${workspace}.`, 'Name one that exists with --workspace.');
  }
}
