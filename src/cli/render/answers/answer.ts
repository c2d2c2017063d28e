import type { AgentAnswer } from '../../../domain/answers/answer.ts';
import { oneLine } from '../../plain-text.ts';
import { capital } from '../listing.ts';
import { alternativeLines } from './alternatives.ts';
import { analysisLines } from './analysis.ts';
import { coachingLines } from './coaching.ts';
import { decisionLines } from './decision.ts';
import { planLines } from './plan.ts';
import { reviewLines, riskLines, testCaseLines } from './review.ts';

/** An answer as a person reads it. All of it is the opinion of its agent, unless a heading says who computed it. */
export function answerLines(answer: AgentAnswer): string[] {
  switch (answer.kind) {
    case 'analysis':
      return analysisLines(answer);
    case 'decision':
      return decisionLines(answer);
    case 'alternatives':
      return alternativeLines(answer);
    case 'review':
      return reviewLines(answer);
    case 'risks':
      return riskLines(answer);
    case 'test-cases':
      return testCaseLines(answer);
    case 'coaching':
      return coachingLines(answer);
    case 'plan':
      return planLines(answer);
  }
}

/** The last words of a task that was answered. */
export function answeredLine(answer: AgentAnswer): string {
  switch (answer.kind) {
    case 'analysis':
      return '✨ Strategic analysis completed!';
    case 'decision':
      return '✨ Decision made!';
    case 'alternatives':
      return '✨ Alternatives found!';
    case 'review':
      return `✨ ${capital(oneLine(answer.subject, 60))} audit completed!`;
    case 'risks':
      return '✨ Risks identified!';
    case 'test-cases':
      return '✨ Test cases generated!';
    case 'coaching':
      return '✨ Coaching completed!';
    case 'plan':
      return '✨ Plan completed! Nothing was built.';
  }
}
