import type { Tool } from '../../domain/tool.ts';
import type { FoundTool } from '../registry.ts';
import { likenessAmong } from './likeness.ts';
import { stemsOf, wordsIn } from './words.ts';

/** At most `limit` tools that fit a text, best first. */
export type ToolIndex = (text: string, limit: number) => readonly FoundTool[];

/** A request may be as long as a page; what is found does not get better by more than that. */
const longestText = 4_000;
/** How much a first place counts above a second one, where two rankings become one. */
const rankConstant = 60;

/** An index of these tools. */
export async function indexOf(tools: readonly Tool[]): Promise<ToolIndex> {
  // Hardly ever wanted at a start.
  const { default: MiniSearch } = await import('minisearch');
  const documents = tools.map(({ manifest }, place) => ({
    place,
    name: manifest.name,
    description: manifest.description,
    fields: [...fieldsOf(manifest.inputSchema), ...fieldsOf(manifest.outputSchema)].join(' '),
  }));
  const words = new MiniSearch<(typeof documents)[number]>({
    idField: 'place',
    fields: ['name', 'description', 'fields'],
    tokenize: wordsIn,
    processTerm: (word) => stemsOf(word)[0] ?? null,
    searchOptions: {
      boost: { name: 2, fields: 0.5 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      processTerm: (word) => stemsOf(word)[0] ?? null,
    },
  });
  words.addAll(documents);
  const likeness = likenessAmong(documents.map(({ name, description, fields }) => `${name} ${description} ${fields}`));
  return (text, limit) => {
    const about = text.slice(0, longestText);
    const byWords = words.search(about).map(({ id }) => Number(id));
    return fused([byWords, likeness.ranked(about)])
      .slice(0, limit)
      .flatMap(({ place, score }) => {
        const tool = tools[place];
        return tool ? [{ tool, score }] : [];
      });
  };
}

/** One ranking of several, by the places in each. */
function fused(rankings: readonly (readonly number[])[]): { readonly place: number; readonly score: number }[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings)
    for (const [rank, place] of ranking.entries())
      scores.set(place, (scores.get(place) ?? 0) + 1 / (rankConstant + rank + 1));
  return [...scores]
    .map(([place, score]) => ({ place, score }))
    .sort((one, other) => other.score - one.score || one.place - other.place);
}

/** The names of what goes in, or comes out, as far as they stand at the top of a schema. */
function fieldsOf(schema: Readonly<Record<string, unknown>>): string[] {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).slice(0, 30) : [];
}
