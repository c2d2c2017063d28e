import type { TaskId } from '../../../src/domain/identifiers.ts';
import { type ToolFiles, type ToolManifest, type ToolUse, toolManifest } from '../../../src/domain/tool.ts';
import { digestOf } from '../../../src/domain/tool-digest.ts';
import type { NewToolVersion } from '../../../src/store/tools.ts';

export const provenance: NewToolVersion['provenance'] = {
  requestId: 'req00001',
  requestedBy: 'developer',
  builtBy: ['developer', 'quality-assurance'],
  adopted: 'by-a-person',
  builtAt: '2026-01-02T03:04:05.678Z',
};

/** A schema whose fields stand in an order of their own, with what JSON allows and databases do not. */
const inputSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['text'],
  properties: { zeta: { type: 'integer' }, text: { type: 'string', pattern: '^[^\0\ud800]*$' }, alpha: {} },
  additionalProperties: false,
};

export function exampleManifest(name: string, version = '1.0.0', changes: Partial<ToolManifest> = {}): ToolManifest {
  return toolManifest.parse({
    name,
    version,
    description: 'Says what it was told, in capital letters.',
    inputSchema,
    outputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    language: 'node',
    entry: 'index.mjs',
    ...changes,
  });
}

/** A version of a tool with its files; `source` is what is in its entry. */
export function exampleVersion(
  name: string,
  version = '1.0.0',
  { source = 'console.log("{}")', ...changes }: Partial<ToolManifest> & { readonly source?: string } = {},
): NewToolVersion {
  const manifest = exampleManifest(name, version, changes);
  const files: ToolFiles = new Map([
    ['index.mjs', Buffer.from(source)],
    ['tool.json', Buffer.from(JSON.stringify(manifest, null, 2))],
    ['test/examples.json', Buffer.from('[]')],
    ['test/bytes.bin', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
  ]);
  return { manifest, files, digest: digestOf(files), provenance };
}

export function exampleUse(name: string, changes: Partial<ToolUse> = {}): ToolUse {
  return {
    name,
    version: '1.0.0',
    agent: 'developer',
    taskId: 'task0001' as TaskId,
    outcome: 'succeeded',
    durationMs: 12,
    ...changes,
  };
}
