import type { Plan } from '../domain/answers/planning.ts';
import type { PlanRequest, PlanResult } from '../domain/message-request.ts';

/** A request as it is said to everybody in a conversation. */
export function wordsOfRequest(request: PlanRequest): string {
  switch (request.kind) {
    case 'challenge':
      return `The task: ${request.task}\n\n${wordsOfPlan(request.plan)}\n\n@creative-innovator, challenge it before it is built.`;
    case 'settle':
      return `@decision-maker, rule on each of these ${request.challenges.length} challenges to “${request.plan.title}”.`;
  }
}

/** The answer to a request as it is said to everybody in a conversation. */
export function wordsOfResult(result: PlanResult): string {
  switch (result.kind) {
    case 'challenges':
      return result.challenges.length === 0
        ? 'I would change nothing.'
        : numbered(
            result.challenges.map(({ about, challenge, instead }) => `${about}: ${challenge} Instead: ${instead}`),
          );
    case 'settlement':
      return result.rulings
        .map(({ number, accepted, reason }) => `${number}. ${accepted ? 'Accepted' : 'Rejected'}: ${reason}`)
        .join('\n');
  }
}

function wordsOfPlan({ title, phases }: Plan): string {
  return `The plan “${title}”:\n${numbered(phases.map(({ name, goal, task }) => `${name}: ${goal}. ${task}`))}`;
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
}
