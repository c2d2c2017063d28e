import type { AgentRole } from '../../domain/agent.ts';
import type { Script } from '../server.ts';
import { cast } from './cast.ts';

/** What the talk demo says, and to whom. */
export const talkWords = '@qa may we release on a Friday afternoon? Only the address of the support page changes.';
export const talkMembers: readonly AgentRole[] = ['quality-assurance', 'decision-maker'];

const replies = (...texts: readonly string[]) => texts.map((text) => ({ text }));

/** Two agents that would never end by themselves: each always wants one more answer of the other. */
export function talkPlay(): Script {
  return cast({
    'project-manager': [{ scores: talkMembers.map((agent) => ({ agent, relevance: 5 })) }],
    'quality-assurance': replies(
      'The change is small, but a broken link on the support page is found by customers, on a day when nobody is here to mend it. @dm, do we have a rule for that?',
      'One check would do: open the page after the release and follow the link. Who does that at six on a Friday? @dm',
      'Then the rollback must be tried before, or it is no plan. @dm, is that part of the rule?',
    ),
    'decision-maker': replies(
      'The options are now or Monday. Waiting costs two days of an old address; a broken link costs a weekend of complaints. I lean to Monday. @qa, would a check after the release change that?',
      'If somebody signs up for the check and for the rollback: Friday. Otherwise Monday. @qa, how long does a rollback take?',
      'It is: no tried rollback, no Friday. @qa, can it be tried today?',
    ),
  });
}
