import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentRoles } from './agent.ts';
import { type Allotment, allocationChoices, allocationOf, donationTo } from './allocation.ts';

const renewsAt = new Date('2026-11-23T00:00:00Z');
const manager: Allotment = { agent: 'project-manager', limit: 10, spent: 0 };

const allotments = fc.uniqueArray(
  fc.record({
    agent: fc.constantFrom(...agentRoles),
    limit: fc.integer({ min: 0, max: 200 }),
    spent: fc.integer({ min: 0, max: 220 }),
  }),
  { selector: ({ agent }) => agent },
);

describe('what a person can say to an agent without prompts', () => {
  test('is to grant, to wait and to cancel; to move only when somebody has something to spare', () => {
    const names = (others: readonly Allotment[]) =>
      allocationChoices('developer', others, renewsAt).map(({ name }) => name);
    expect(names([])).toEqual(['grant', 'wait', 'cancel']);
    expect(names([{ agent: 'quality-assurance', limit: 3, spent: 3 }])).toEqual(['grant', 'wait', 'cancel']);
    expect(names([{ agent: 'quality-assurance', limit: 3, spent: 1 }])).toEqual(['grant', 'move', 'wait', 'cancel']);
  });

  test.each([
    ['grant', '10', { kind: 'grant', amount: 10 }],
    ['move', 'qa 4', { kind: 'move', from: 'quality-assurance', amount: 4 }],
    ['move', ' @pm  1 ', { kind: 'move', from: 'project-manager', amount: 1 }],
    ['wait', undefined, { kind: 'wait' }],
    ['cancel', '', { kind: 'cancel' }],
  ])('%s %j is understood', (choice, text, allocation) => {
    expect(allocationOf(choice, text)).toEqual(allocation);
  });

  test.each([
    ['grant', ''],
    ['grant', '0'],
    ['grant', '-3'],
    ['grant', '1e9'],
    ['grant', 'ten'],
    ['move', 'qa'],
    ['move', 'nobody 3'],
    ['move', 'qa 3 please'],
    ['give', '3'],
  ])('%s %j is a mistake that says what is wanted', (choice, text) => {
    expect(allocationOf(choice, text)).toMatchObject({ kind: 'problem' });
  });
});

describe('what the project manager moves by itself', () => {
  test('is half of what the agent with most to spare has', () => {
    const others: Allotment[] = [
      manager,
      { agent: 'quality-assurance', limit: 9, spent: 1 },
      { agent: 'decision-maker', limit: 20, spent: 4 },
    ];
    expect(donationTo('developer', others, 0)).toEqual({ from: 'decision-maker', amount: 8 });
  });

  test('is nothing when it has no limit of its own to stay within', () => {
    expect(donationTo('developer', [{ agent: 'quality-assurance', limit: 9, spent: 1 }], 0)).toBeUndefined();
  });

  test('never goes beyond its own limit, takes from nobody more than they have, and from the needy nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...agentRoles), allotments, fc.nat(50), (agent, all, moved) => {
        const donation = donationTo(agent, all, moved);
        if (!donation) return;
        const donor = all.find((allotment) => allotment.agent === donation.from);
        const limit = all.find((allotment) => allotment.agent === 'project-manager')?.limit ?? 0;
        expect(donation.from).not.toBe(agent);
        expect(donation.amount).toBeGreaterThanOrEqual(1);
        expect(donation.amount).toBeLessThanOrEqual((donor?.limit ?? 0) - (donor?.spent ?? 0));
        expect(moved + donation.amount).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('comes to an end: whoever asks again and again gets no more than that limit', () => {
    fc.assert(
      fc.property(allotments, (begin) => {
        let all: readonly Allotment[] = begin;
        let moved = 0;
        for (;;) {
          const donation = donationTo('developer', all, moved);
          if (!donation) break;
          moved += donation.amount;
          all = all.map((one) => (one.agent === donation.from ? { ...one, limit: one.limit - donation.amount } : one));
        }
        expect(moved).toBeLessThanOrEqual(begin.find(({ agent }) => agent === 'project-manager')?.limit ?? 0);
      }),
    );
  });
});
