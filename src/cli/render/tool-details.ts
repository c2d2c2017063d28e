import { counted } from '../../domain/amounts.ts';
import type { Tool, ToolProvenance, ToolVersion } from '../../domain/tool.ts';
import { rightsOf } from '../../domain/tool-rights.ts';
import { agentNames } from '../agent-names.ts';
import { oneLine, paragraph, textLines } from '../plain-text.ts';
import { localDayAndTime } from '../times.ts';
import { section } from './listing.ts';
import { width } from './signs.ts';
import { tableLines } from './table.ts';

const mostLines = 20;
/** Of what has no room beside a version. */
const indent = '    ';
const digestShown = 12;

/** `spiral tools show NAME`. */
export function toolLines(tool: Tool, versions: readonly ToolVersion[], manual: string | undefined): string[] {
  const { manifest, status, calls, failures, lastUsedAt, provenance, digest } = tool;
  const { name, version, language, entry, limits, deterministic, dependencies } = manifest;
  const used = lastUsedAt ? `, last used ${localDayAndTime(lastUsedAt)}` : '';
  const packages = Object.entries(dependencies).map(([one, at]) => `${one} ${at}`);
  return [
    `🛠️  ${name} ${version}${status === 'retired' ? ' (retired: nobody is offered it)' : ''}`,
    ...paragraph(manifest.description, { width, most: mostLines }),
    '',
    `Runs:     ${language}, ${oneLine(entry, width)}${deterministic ? '' : ', not deterministic'}`,
    `Limits:   ${limits.timeoutMs} ms, ${limits.memoryMb} MB, ${limits.outputKb} KB of output`,
    `Rights:   ${rightsWords(manifest.permissions)}`,
    ...(packages.length === 0 ? [] : [`Packages: ${oneLine(packages.join(', '), width)}`]),
    `Calls:    ${calls}, ${counted(failures, 'failure')}${used}`,
    `From:     ${provenanceWords(provenance)}`,
    `Digest:   ${digest}`,
    ...section('Takes:', schemaLines(manifest.inputSchema)),
    ...section('Gives:', schemaLines(manifest.outputSchema)),
    ...section('Versions:', toolHistoryLines(tool, versions)),
    ...(manual === undefined ? [] : section('Manual:', textLines(manual, width))),
  ];
}

/** `spiral tools history NAME`: oldest first; the one that is served is marked. */
export function toolHistoryLines(tool: Tool, versions: readonly ToolVersion[]): string[] {
  const table = tableLines(
    versions.map(({ manifest, digest, publishedAt }) => [
      `${manifest.version === tool.manifest.version ? '▶' : ' '} ${manifest.version}`,
      localDayAndTime(publishedAt),
      digest.slice(0, digestShown),
    ]),
  );
  return versions.flatMap(({ manifest, provenance }, index) => {
    const line = table[index] ?? '';
    const words = [provenanceWords(provenance), `rights: ${rightsWords(manifest.permissions)}`];
    const whole = `${line}  ${words.join('; ')}`;
    if (whole.length <= width) return [whole];
    return [line, ...words.flatMap((one) => textLines(one, width - indent.length)).map((one) => `${indent}${one}`)];
  });
}

/** The rights of a tool in one line. */
export function rightsWords(permissions: Parameters<typeof rightsOf>[0]): string {
  const rights = rightsOf(permissions);
  return rights.length === 0 ? 'none, it only computes' : oneLine(rights.join(', '), width * 2);
}

function provenanceWords({ requestId, requestedBy, builtBy, adopted }: ToolProvenance): string {
  const who = (role: ToolProvenance['requestedBy']) => (role === 'human' ? 'a person' : agentNames[role]);
  const wanted = requestId === undefined ? '' : `asked for by ${who(requestedBy)} (${requestId}), `;
  if (requestId === undefined && adopted === 'by-a-person' && builtBy.every((role) => role === 'human')) {
    return 'written and adopted by a person';
  }
  const adoption = adopted === 'beforehand' ? 'adopted as decided beforehand' : 'adopted by a person';
  return `${wanted}written by ${builtBy.map(who).join(' and ')}, ${adoption}`;
}

function schemaLines(schema: Readonly<Record<string, unknown>>): string[] {
  return textLines(JSON.stringify(schema, null, 2), width);
}
