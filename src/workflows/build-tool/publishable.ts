import { type ToolFiles, type ToolManifest, toolManifest } from '../../domain/tool.ts';
import type { ToolBuild } from '../../domain/tool-work.ts';

export type Publishable = { readonly manifest: ToolManifest; readonly files: ToolFiles };

/** What lies in the folder of a build as it is published: with its name, its version and its manual. Throws for what the gate refuses. */
export function publishable(files: ToolFiles, { name, manual }: ToolBuild, version: string): Publishable {
  const written = toolManifest.parse(JSON.parse(Buffer.from(files.get('tool.json') ?? []).toString('utf8')));
  // Whatever its author calls it: nobody takes the name of another tool.
  const manifest = { ...written, name, version };
  return {
    manifest,
    files: new Map([
      ...files,
      ['tool.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)] as const,
      ...(manual === undefined ? [] : [['SKILL.md', Buffer.from(`${manual}\n`)] as const]),
    ]),
  };
}

/** The same where the gate may not have looked yet: what cannot be read stays as it was written. */
export function asPublished(files: ToolFiles, build: ToolBuild): ToolFiles {
  try {
    return build.proof ? publishable(files, build, build.proof.version).files : files;
  } catch {
    return files; // It was changed after the gate looked; it is looked at again before anything is published.
  }
}
