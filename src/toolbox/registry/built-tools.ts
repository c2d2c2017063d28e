import type { Tool } from '../../domain/tool.ts';
import type { Registry } from '../registry.ts';
import type { OwnTool, ToolSource } from '../toolbox.ts';
import { asOwnTool, type BuiltToolNeeds, type ToolCaller } from './as-own-tool.ts';
import { callTool } from './call-tool.ts';
import { type Room, withinRoom } from './room.ts';

/**
 * What a session is offered: its own tools, which stay, and every built tool that is active. While the registry cannot be
 * asked it is what was offered last. A built tool of the same name as one of its own is not offered.
 *
 * @param room what has no room is not listed and can be called all the same, through `call_tool`; without it all are listed
 */
export function offeredTo(
  caller: ToolCaller,
  own: readonly OwnTool[],
  needs: Omit<BuiltToolNeeds, 'registry'> & { readonly registry: Pick<Registry, 'load' | 'active' | 'onChange'> },
  room?: Room,
): ToolSource {
  let offered = own;
  let listedBefore: ReadonlySet<string> = new Set();

  function offer(active: readonly Tool[]): readonly OwnTool[] {
    const { listed, others } = room ? withinRoom(active, room, listedBefore) : { listed: active, others: [] };
    listedBefore = new Set(listed.map(({ manifest }) => manifest.name));
    const reached = others.length === 0 ? [] : [callTool(others, find, caller, needs)];
    return [...own, ...reached, ...listed.map((tool) => asOwnTool(tool, caller, needs))];
  }

  async function find(name: string): Promise<Tool | undefined> {
    return (await needs.registry.active()).find(({ manifest }) => manifest.name === name);
  }

  return {
    async tools() {
      try {
        offered = offer(await needs.registry.active());
      } catch (error) {
        needs.onProblem(`the built tools cannot be listed: ${String(error)}`);
      }
      return offered;
    },
    onChange: (listener) => needs.registry.onChange(listener),
  };
}
