import type { ToolRequest } from '../../domain/tool-request.ts';
import type { AttemptAtTool, ToolBuild } from '../../domain/tool-work.ts';

/**
 * What the developer is asked for: a tool in the form that the gate wants, or the repair of what it found.
 *
 * @param served the version that is to be improved
 */
export function orderOf(
  request: ToolRequest,
  { plan, research }: ToolBuild,
  because: AttemptAtTool,
  served: string | undefined,
): string {
  if (because.kind === 'repair') {
    return `The tool ${request.name} in this folder is not accepted yet. What was found:\n${because.findings}\n\nMend it. Do not write code for single cases: other inputs of the same kind are tried that you do not see.`;
  }
  const findings = [...(research?.findings ?? []), ...(research?.pitfalls ?? [])];
  return [
    served === undefined
      ? `Write the tool ${request.name}: ${request.description}`
      : `Improve the tool ${request.name} ${served}, which lies in this folder: ${request.description}`,
    `Requirements:\n${listed(request.requirements)}`,
    ...(request.examples.length === 0
      ? []
      : [`Examples of calls:\n${request.examples.map((example) => JSON.stringify(example)).join('\n')}`]),
    ...(plan ? [`Approach (${plan.language}): ${plan.approach}\n${listed(plan.steps)}`] : []),
    ...(findings.length === 0 ? [] : [`What is known:\n${listed(findings)}`]),
    form(request.name),
  ].join('\n\n');
}

function form(name: string): string {
  return `The form, all of it in this folder:
- tool.json: {"name": "${name}", "version": "1.0.0", "description", "inputSchema", "outputSchema", "language": "node" | "python", "entry", "deterministic", "permissions": {"read": [], "write": [], "hosts": [], "env": [], "subprocess": false}, "limits": {"timeoutMs", "memoryMb", "outputKb"}, "dependencies": {}}. Both schemas are JSON Schema; the input is an object. Nothing else may stand in it.
- The entry (index.mjs or main.py) reads one JSON value from standard input, writes exactly one JSON value to standard output and nothing else there, and exits with 0. When a call cannot be answered it writes one plain line to standard error and exits with 1; it never dies of an exception.
- test/examples.json: an array of {"name", "input", "output"} or {"name", "input", "error": true}, the examples above among them.
- test/: tests of its own that run with "node --test" or "python3 -m unittest discover -s test".
Standard library only. It runs in a sandbox without network, with no files but its own folder, and 256 MB of memory; what it needs beyond that has to stand in permissions, and a person decides about it.`;
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
