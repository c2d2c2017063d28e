import type { SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Spiral } from '../../spiral.ts';
import { nextCard, type TaskCard } from '../render/card/card.ts';

const page = 500;

/** The card of each task that is told of, made of all its events. After a restart it is made of them again. */
export function cardsOf(spiral: Pick<Spiral, 'events'>) {
  const cards = new Map<TaskId, { readonly card: TaskCard; readonly after: number }>();

  async function upTo(root: TaskId, last: number): Promise<TaskCard | undefined> {
    const before = cards.get(root);
    let card = before?.card;
    let after = before?.after ?? 0;
    while (after < last) {
      const events = await spiral.events({ after, taskId: root }, page);
      for (const event of events) if (event.id <= last) card = nextCard(card, event);
      after = events.length < page ? last : (events.at(-1)?.id ?? last);
    }
    return keep(root, card, last);
  }

  function keep(root: TaskId, card: TaskCard | undefined, after: number): TaskCard | undefined {
    if (card) cards.set(root, { card, after });
    return card;
  }

  return {
    /** The card after an event, which is the newest one of its task or project. */
    async after(root: TaskId, event: SpiralEvent): Promise<TaskCard | undefined> {
      const before = cards.get(root);
      if (before && event.id <= before.after) return before.card;
      return before ? keep(root, nextCard(before.card, event), event.id) : upTo(root, event.id);
    },
    /** The card as it stands after the event of a number. */
    upTo,
    forget: (root: TaskId) => cards.delete(root),
  };
}
