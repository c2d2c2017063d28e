import { type DecisionKind, decisionKinds } from '../../domain/typed-decision.ts';
import { decisionSigns } from './intention.ts';

/** Some programs send a sign with, some without the mark that asks for its colours. */
const variation = /[\uFE0E\uFE0F]/g;

/** What a reaction stands for: the four signs of a request for a tool, and nothing else. */
export function decisionOfSign(emoji: string): DecisionKind | undefined {
  const plain = emoji.replaceAll(variation, '');
  return decisionKinds.find((name) => decisionSigns[name].replaceAll(variation, '') === plain);
}
