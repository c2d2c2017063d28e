import { stemsOf, wordsIn } from './words.ts';

/** How like texts are by the pieces of their words, so that `csv2json`, `dedupe` and mistypings find each other. */
export type Likeness = {
  /** The places of the texts that have anything in common with this one, most alike first. */
  ranked(text: string): readonly number[];
};

type Weights = ReadonlyMap<number, number>;

/** Vectors of stems and of three and four characters, weighted by how rare they are, with the angle between them. */
export function likenessAmong(texts: readonly string[]): Likeness {
  const counted = texts.map(featuresOf);
  const textsWith = new Map<number, number>();
  for (const features of counted)
    for (const feature of features.keys()) textsWith.set(feature, (textsWith.get(feature) ?? 0) + 1);
  const rarity = (feature: number) => Math.log((1 + texts.length) / (1 + (textsWith.get(feature) ?? 0))) + 1;
  const postings = new Map<number, { readonly place: number; readonly weight: number }[]>();
  for (const [place, features] of counted.entries()) {
    for (const [feature, weight] of unitLength(features, rarity)) {
      const there = postings.get(feature);
      if (there) there.push({ place, weight });
      else postings.set(feature, [{ place, weight }]);
    }
  }
  return {
    ranked(text) {
      const scores = new Map<number, number>();
      for (const [feature, weight] of unitLength(featuresOf(text), rarity)) {
        for (const { place, weight: theirs } of postings.get(feature) ?? [])
          scores.set(place, (scores.get(place) ?? 0) + weight * theirs);
      }
      return [...scores].sort(([one, a], [other, b]) => b - a || one - other).map(([place]) => place);
    },
  };
}

/** A whole word says more than the pieces of it. */
const weightOfStem = 3;

/** What a text consists of, as numbers, with how much of it there is. */
function featuresOf(text: string): Weights {
  const features = new Map<number, number>();
  const add = (feature: string, weight: number) => {
    const number = hashOf(feature);
    features.set(number, (features.get(number) ?? 0) + weight);
  };
  for (const stem of stemsOf(text)) add(`=${stem}`, weightOfStem);
  for (const word of wordsIn(text)) {
    const marked = `<${word}>`;
    for (const size of [3, 4])
      for (let from = 0; from + size <= marked.length; from += 1) add(marked.slice(from, from + size), 1);
  }
  return features;
}

function unitLength(features: Weights, rarity: (feature: number) => number): Weights {
  const weighted = [...features].map(([feature, count]) => [feature, Math.sqrt(count) * rarity(feature)] as const);
  const length = Math.hypot(...weighted.map(([, weight]) => weight)) || 1;
  return new Map(weighted.map(([feature, weight]) => [feature, weight / length]));
}

/** FNV-1a in 32 bits; two features with one number are rare, and do little harm. */
function hashOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < feature.length; at += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
