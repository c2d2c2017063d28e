import type { ToolRequestId } from '../../domain/identifiers.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import type { Store } from '../../store/store.ts';

/** The request that a task works on. */
export async function requestFor(id: string, { toolRequests }: Pick<Store, 'toolRequests'>): Promise<ToolRequest> {
  const request = await toolRequests.get(id as ToolRequestId); // Saved together with the task that names it.
  if (!request) throw new Error(`there is no tool request ${id}`);
  return request;
}
