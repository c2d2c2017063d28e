import { counted } from '../../domain/amounts.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import { oneLine } from '../plain-text.ts';
import { width } from './signs.ts';

type Missing = NonNullable<TaskOutcome['missingTests']>[number];
type Quality = NonNullable<TaskOutcome['quality']>;
type CodeChange = NonNullable<TaskOutcome['changes']>[number];

const namedTests = 3;

/** Tests that are not what they were: `3 tests that ran before disappeared: adds, subtracts, divides`. */
export function missingLine({ count, how, tests }: Missing): string {
  const now = how === 'disappeared' ? how : count === 1 ? 'is skipped now' : 'are skipped now';
  const names = tests.slice(0, namedTests).map((name) => oneLine(name, 60));
  const list = names.length === 0 ? '' : `: ${names.join(', ')}${count > names.length ? ', …' : ''}`;
  return `${counted(count, 'test')} that ran before ${now}${list}`;
}

/** What the model claimed beside what was observed: `claims 15 tests, 3 ran`. */
export function contradictionLines({ contradictions = [] }: TaskOutcome): string[] {
  return contradictions.map(
    ({ claimed, observed }) => `Claude Code claims ${oneLine(claimed, width)}, ${oneLine(observed, width)}`,
  );
}

/** The lines of a changed file as git counts them: `+12 -3`. Empty when they are not known. */
export function linesOf({ changes = [] }: TaskOutcome, path: string): string {
  const change = changes.find((one) => one.path === path);
  return change ? linesChanged(change) : '';
}

function linesChanged({ linesAdded, linesRemoved }: CodeChange): string {
  if (linesAdded === null || linesRemoved === null) return 'no text';
  return `+${linesAdded} -${linesRemoved}`;
}

/** The score with what lowers it most; the parts are shown by `spiral tasks show`. */
export function qualityLine({ score, parts }: Quality): string {
  const [weakest] = [...parts].sort((a, b) => a.value - b.value);
  const because = weakest && weakest.value < 1 ? `, least for ${weakest.name}: ${weakest.observed}` : '';
  return `${score.toFixed(2)} of 1${because}`;
}

/** Every part of the formula with what it was read from, and what could not be observed. */
export function qualityParts({ score, parts, unobserved }: Quality): string[] {
  return [
    `${score.toFixed(2)} of 1, the mean of`,
    ...parts.map(({ name, value, observed }) => `${value.toFixed(2)} ${name} (${observed})`),
    ...(unobserved.length > 0 ? [`not observed: ${unobserved.join(', ')}`] : []),
  ];
}
