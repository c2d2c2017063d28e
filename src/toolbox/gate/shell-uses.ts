import { shellSource } from './source-text.ts';
import { type UseAt, type UsePattern, usesOf } from './uses.ts';

const patterns: readonly UsePattern[] = [
  {
    kind: 'network',
    pattern:
      /(?<![\w-])(?:curl|wget|nc|ncat|netcat|socat|telnet|ssh|scp|rsync|ftp|dig|host|nslookup)(?=\s)|\/dev\/(?:tcp|udp)\//g,
  },
  { kind: 'hidden-code', pattern: /(?<![\w-])eval(?=\s)|\bbase64\s+(?:-d|--decode)\b/g },
  { kind: 'files', pattern: /~\/|\$HOME\b|\$\{HOME\}|(?<![\w.])\/(?:etc|home|root|var|opt|srv|mnt)\/|\.\.\//g },
  { kind: 'environment', pattern: /(?<![\w-])(?:printenv|env)(?=\s|$)/gm },
];

/** What a shell script uses. Other programs it starts as a matter of course. */
export function shellUses(text: string, mayUse: readonly string[]): readonly UseAt[] {
  const { bare } = shellSource(text);
  return usesOf(bare, patterns).filter(({ kind }) => kind !== 'environment' || mayUse.length === 0);
}
