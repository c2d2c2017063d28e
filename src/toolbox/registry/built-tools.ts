import type { Registry } from '../registry.ts';
import type { OwnTool, ToolSource } from '../toolbox.ts';
import { asOwnTool, type BuiltToolNeeds, type ToolCaller } from './as-own-tool.ts';

/**
 * What a session is offered: its own tools, which stay, and every built tool that is active. While the registry cannot be
 * asked it is what was offered last. A built tool of the same name as one of its own is not offered.
 */
export function offeredTo(
  caller: ToolCaller,
  own: readonly OwnTool[],
  needs: Omit<BuiltToolNeeds, 'registry'> & { readonly registry: Pick<Registry, 'load' | 'active' | 'onChange'> },
): ToolSource {
  let offered = own;
  return {
    async tools() {
      try {
        const active = await needs.registry.active();
        offered = [...own, ...active.map((tool) => asOwnTool(tool, caller, needs))];
      } catch (error) {
        needs.onProblem(`the built tools cannot be listed: ${String(error)}`);
      }
      return offered;
    },
    onChange: (listener) => needs.registry.onChange(listener),
  };
}
