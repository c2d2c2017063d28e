import { counted, duration, money } from '../../domain/amounts.ts';
import type { CostLine } from '../../domain/budget.ts';
import { shortCount } from '../amounts.ts';

/** The columns behind the name of a line. */
const columns = ['requests', 'input', 'output', 'cache read', 'cache write', 'USD', 'latency'];

/** `spiral costs`: what was booked, request by request, with a total. */
export function costLines(lines: readonly CostLine[], by: 'agent' | 'task' | 'day'): string[] {
  if (lines.length === 0) return ['Nothing was booked.'];
  const total = totalOf(lines);
  const rows = [[by === 'day' ? 'day (UTC)' : by, ...columns], ...lines.map(cellsOf), cellsOf(total)];
  const widths = [by, ...columns].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const rule = '─'.repeat(table[0]?.length ?? 0);
  return [
    ...table.slice(0, -1),
    rule,
    ...table.slice(-1),
    '',
    'Tokens as the model API counts them, none twice. Latency: mean time to the first byte of an answer.',
    ...(total.estimated > 0
      ? [`~ holds ${counted(total.estimated, 'request')} cut off before the count was told: booked at an estimate.`]
      : []),
  ];
}

function cellsOf({ key, requests, tokens, usd, estimated, meanLatencyMs }: CostLine): string[] {
  return [
    key,
    String(requests),
    shortCount(tokens.input),
    shortCount(tokens.output),
    shortCount(tokens.cacheRead),
    shortCount(tokens.cacheWrite + tokens.longCacheWrite),
    `${estimated > 0 ? '~' : ''}${money(usd)}`,
    meanLatencyMs === null ? '-' : duration(meanLatencyMs),
  ];
}

function totalOf(lines: readonly CostLine[]): CostLine {
  const sum = (count: (line: CostLine) => number) => lines.reduce((total, line) => total + count(line), 0);
  const answered = lines.filter(({ meanLatencyMs }) => meanLatencyMs !== null);
  const weight = answered.reduce((total, { requests }) => total + requests, 0);
  return {
    key: 'total',
    requests: sum(({ requests }) => requests),
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      output: sum(({ tokens }) => tokens.output),
      cacheRead: sum(({ tokens }) => tokens.cacheRead),
      cacheWrite: sum(({ tokens }) => tokens.cacheWrite),
      longCacheWrite: sum(({ tokens }) => tokens.longCacheWrite),
    },
    usd: sum(({ usd }) => usd),
    estimated: sum(({ estimated }) => estimated),
    meanLatencyMs:
      weight === 0
        ? null
        : answered.reduce((total, line) => total + (line.meanLatencyMs ?? 0) * line.requests, 0) / weight,
  };
}
