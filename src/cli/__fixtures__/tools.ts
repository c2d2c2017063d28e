import { type Tool, toolManifest, type ToolVersion } from '../../domain/tool.ts';

/** A tool with two versions, of which the second is served. */
export function toolExample(changes: Partial<Tool> = {}): Tool {
  const version = toolVersionExample('1.1.0');
  return { ...version, status: 'active', versions: ['1.0.0', '1.1.0'], calls: 12, failures: 2, ...changes };
}

export function toolVersionExample(version: string): ToolVersion {
  const manifest = toolManifest.parse({
    name: 'csv-to-json',
    version,
    description: 'Turns CSV into a list of objects.',
    inputSchema: { type: 'object', properties: { csv: { type: 'string' } } },
    outputSchema: { type: 'array' },
    language: 'node',
    entry: 'index.mjs',
    permissions: version === '1.0.0' ? {} : { read: ['$WORKSPACE'] },
  });
  return {
    manifest,
    digest: version.replaceAll('.', 'a').padEnd(64, '0'),
    provenance: {
      requestId: 'r3k8v1zx',
      requestedBy: 'developer',
      builtBy: ['developer', 'quality-assurance'],
      adopted: 'by-a-person',
      builtAt: '2026-01-01T00:00:00.000Z',
    },
    publishedAt: new Date(2026, 0, 2, 3, 4),
  };
}
