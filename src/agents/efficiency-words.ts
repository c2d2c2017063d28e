import type { Inefficiency } from '../domain/inefficiency.ts';

/** What the process coach reads of an agent that gives less for what it spends than is expected of it. */
export function wordsOfInefficiency({ agent, efficiency, expected, median, since, figures }: Inefficiency): string {
  const { tasks, 'success-rate': succeeded, 'verified-rate': verified } = figures;
  const { 'prompts-per-verified-task': prompts, 'usd-per-verified-task': usd } = figures;
  const seen = [
    `${tasks} tasks finished`,
    ...(succeeded === null ? [] : [`${percent(succeeded)} succeeded`]),
    ...(verified === null ? [] : [`${percent(verified)} of those that built something verified`]),
    ...(prompts === null ? [] : [`${prompts} prompts for a verified task`]),
    ...(usd === null ? [] : [`${usd} USD for a verified task`]),
  ];
  return [
    `@coach The efficiency of the ${agent} is ${efficiency}, below its threshold of ${expected};`,
    `the median of the team is ${median}. Since ${since.slice(0, 10)}: ${seen.join(', ')}.`,
    'What should be done differently?',
  ].join(' ');
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
