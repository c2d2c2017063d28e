import type { Plan, PlannedPhase } from './answers/planning.ts';

/** More phases than a person would read are no plan. */
export const mostPhases = 20;

/** What is wrong with a plan beyond its shape, in words that a model can mend it by; empty when nothing is. */
export function problemsOfPlan({ phases }: Pick<Plan, 'phases'>): string[] {
  if (phases.length === 0) return ['the plan has no phases'];
  if (phases.length > mostPhases) return [`the plan has ${phases.length} phases; ${mostPhases} is the most`];
  const problems: string[] = [];
  const names = new Set<string>();
  for (const { name } of phases) {
    const key = keyOf(name);
    if (names.has(key)) problems.push(`two phases are called "${name}"`);
    names.add(key);
  }
  for (const phase of phases) {
    for (const wanted of phase.dependsOn) {
      if (!names.has(keyOf(wanted))) problems.push(`phase "${phase.name}" depends on "${wanted}", which is no phase`);
    }
    for (const { criterion, checkedBy, subject } of phase.criteria) {
      if (checkedBy === 'file' && !isPathInside(subject))
        problems.push(
          `"${criterion}" of phase "${phase.name}" is checked by a file and names no path inside the project`,
        );
    }
    if (phase.criteria.every(({ checkedBy }) => checkedBy === 'review'))
      problems.push(`phase "${phase.name}" has no criterion that can be checked by tests or by a file`);
  }
  if (problems.length === 0 && inOrder(phases) === undefined)
    problems.push(`the dependencies go in a circle: ${circleOf(phases)}`);
  return problems;
}

/** The phases so that each comes after what it depends on, otherwise as planned; undefined when they go in a circle. */
export function inOrder(phases: readonly PlannedPhase[]): PlannedPhase[] | undefined {
  const ordered: PlannedPhase[] = [];
  const done = new Set<string>();
  while (ordered.length < phases.length) {
    const next = phases.find(
      ({ name, dependsOn }) => !done.has(keyOf(name)) && dependsOn.every((wanted) => done.has(keyOf(wanted))),
    );
    if (!next) return undefined;
    ordered.push(next);
    done.add(keyOf(next.name));
  }
  return ordered;
}

function circleOf(phases: readonly PlannedPhase[]): string {
  const path: string[] = [];
  // Whoever follows the dependencies among phases that can never begin comes round.
  const open = new Set(unreachable(phases).map(({ name }) => keyOf(name)));
  let next = phases.find(({ name }) => open.has(keyOf(name)));
  while (next && !path.includes(next.name)) {
    path.push(next.name);
    const wanted = next.dependsOn.find((name) => open.has(keyOf(name)));
    next = phases.find(({ name }) => wanted !== undefined && keyOf(name) === keyOf(wanted));
  }
  return [...path.slice(next ? path.indexOf(next.name) : 0), ...(next ? [next.name] : [])].join(' -> ');
}

function unreachable(phases: readonly PlannedPhase[]): PlannedPhase[] {
  const done = new Set<string>();
  for (;;) {
    const reached = phases.filter(
      ({ name, dependsOn }) => !done.has(keyOf(name)) && dependsOn.every((wanted) => done.has(keyOf(wanted))),
    );
    if (reached.length === 0) return phases.filter(({ name }) => !done.has(keyOf(name)));
    for (const { name } of reached) done.add(keyOf(name));
  }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}

function isPathInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.startsWith('~') && !path.split(/[/\\]/).includes('..');
}
