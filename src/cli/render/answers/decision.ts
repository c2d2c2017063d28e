import { type PrioritisedDecision, weighed } from '../../../domain/answers/decision.ts';
import { oneLine } from '../../plain-text.ts';
import { bulleted, section, worded } from '../listing.ts';
import { priorityWords } from '../priority.ts';
import { tableLines } from '../table.ts';

const nameWidth = 40;
/** Eight options stand side by side. */
const columnWidth = 18;

/** The decision maker's choice. The totals are computed here, and it is said when they speak for another option. */
export function decisionLines(decision: PrioritisedDecision): string[] {
  const { criteria, options, confidence, reason, wouldChangeIt } = decision;
  const totals = weighed(decision);
  const [first] = totals;
  const chosen = totals.find(({ name }) => name === decision.decision);
  const isAgainst = first !== undefined && chosen !== undefined && chosen.total < first.total;
  const short = (name: string) => oneLine(name, nameWidth);
  return [
    '⚖️  OPTIONS BY CRITERIA (scores from 1 to 10, by the decision maker; totals computed by Spiral):',
    ...tableLines([
      ['', 'weight', ...totals.map(({ name }) => oneLine(name, columnWidth))],
      ...criteria.map(({ name, weight }) => [
        short(name),
        String(weight),
        ...totals.map((option) => scoreOf(options, option.name, name)),
      ]),
      ['Total', '', ...totals.map(({ total }) => total.toFixed(2))],
    ]),
    '',
    `🧭 DECISION: ${oneLine(decision.decision, 80)} (confidence ${Math.round(confidence * 100)}%)`,
    ...priorityLine(decision),
    ...worded('Why: ', reason),
    ...(isAgainst
      ? [
          `⚠️  By the numbers it would be ${short(first.name)}: ${first.total.toFixed(2)} against ${chosen.total.toFixed(2)}.`,
        ]
      : []),
    ...section('🔄 WHAT WOULD CHANGE IT:', bulleted(wouldChangeIt)),
  ];
}

function priorityLine({ importance, urgency, priority }: PrioritisedDecision): string[] {
  return priority ? [priorityWords(importance, urgency, priority)] : [];
}

function scoreOf(options: PrioritisedDecision['options'], option: string, criterion: string): string {
  const scores = options.find(({ name }) => name === option)?.scores;
  return String(scores?.find((one) => one.criterion === criterion)?.score ?? '-');
}
