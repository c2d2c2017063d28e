import type { ToolPermissions } from './tool.ts';

/**
 * The rights of a tool, each by the name that a person allows it with: `read:/etc/hosts`, `write:$WORKSPACE/out`,
 * `host:api.example.org`, `env:TOKEN`, `subprocess`.
 */
export function rightsOf({ read, write, hosts, env, subprocess }: ToolPermissions): string[] {
  return [
    ...read.map((path) => `read:${path}`),
    ...write.map((path) => `write:${path}`),
    ...hosts.map((host) => `host:${host}`),
    ...env.map((name) => `env:${name}`),
    ...(subprocess ? ['subprocess'] : []),
  ];
}

/** What a version asks for that the one before did not have; everything, when there was none. */
export function newRights(before: ToolPermissions | undefined, after: ToolPermissions): string[] {
  const had = new Set(before ? rightsOf(before) : []);
  return rightsOf(after).filter((right) => !had.has(right));
}
