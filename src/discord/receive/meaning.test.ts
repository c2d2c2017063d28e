import { describe, expect, test } from 'vitest';
import { now, openWords, plan, taskId, toolRequest } from '../decisions/__fixtures__/questions.ts';
import { addressOf } from './address.ts';
import { listeningTo } from './channels.ts';
import { type Heard, meaningOf } from './meaning.ts';

const book = { botId: '100', botRoles: [], roleNames: {}, defaultAgent: 'developer' } as const;
const task = { id: taskId, agent: 'developer', isOver: true } as const;

function heard(content: string, around: Partial<Heard> = {}) {
  return meaningOf({ address: addressOf(content, book), hasFiles: false, ...around }, now);
}

describe('what is said in a channel', () => {
  test('is a new task, for whom it names', () => {
    expect(heard('@pm plan it')).toEqual({ kind: 'new-task', agent: 'project-manager', text: 'plan it' });
    expect(heard('build it')).toEqual({ kind: 'new-task', agent: 'developer', text: 'build it' });
  });

  test('as a reply to a card is about its task', () => {
    expect(heard('now in blue', { repliesTo: { task } })).toMatchObject({ kind: 'follow-up', taskId });
    expect(heard('STOP', { repliesTo: { task } })).toEqual({ kind: 'stop', taskId });
    expect(heard('confirm', { repliesTo: { question: plan } })).toMatchObject({ kind: 'answer' });
  });

  test('is no task when it is only STOP, whomever it names', () => {
    expect(heard('STOP')).toEqual({ kind: 'stop' });
    expect(heard('@dev stop!')).toEqual({ kind: 'stop' });
    expect(heard('stop the server from crashing')).toMatchObject({ kind: 'new-task' });
  });

  test('is nothing when nothing is said, unless it is meant for us', () => {
    expect(heard('')).toEqual({ kind: 'nothing' });
    expect(heard('@dev')).toMatchObject({ kind: 'problem' });
    expect(heard('', { hasFiles: true })).toMatchObject({ kind: 'problem' });
  });
});

describe('what is said in the thread of a task', () => {
  const thread = { task, questions: [] };

  test('is a new wish, at once or after the work', () => {
    expect(heard('now in blue', { thread })).toEqual({ kind: 'follow-up', taskId, text: 'now in blue', isOver: true });
    expect(heard('@dev now in blue', { thread })).toMatchObject({ kind: 'follow-up' });
    const atWork = { task: { ...task, isOver: false }, questions: [] };
    expect(heard('now in blue', { thread: atWork })).toMatchObject({ kind: 'follow-up', isOver: false });
  });

  test('to another agent is a new task beside it', () => {
    expect(heard('@qa review it', { thread })).toEqual({
      kind: 'new-task',
      agent: 'quality-assurance',
      text: 'review it',
      beside: taskId,
    });
  });

  test('that is a conversation is said in it, whichever of its agents it names', () => {
    const members = ['project-manager', 'quality-assurance'] as const;
    const talk = { task: { ...task, agent: 'project-manager', isOver: false, members } as const, questions: [] };
    expect(heard('and the costs?', { thread: talk })).toMatchObject({ kind: 'follow-up', text: 'and the costs?' });
    expect(heard('@qa and you?', { thread: talk })).toMatchObject({
      kind: 'follow-up',
      text: '@quality-assurance and you?',
    });
    expect(heard('@dev build it', { thread: talk })).toMatchObject({
      kind: 'new-task',
      text: 'build it',
      beside: taskId,
    });
  });

  test('stops it', () => expect(heard('Stop.', { thread })).toEqual({ kind: 'stop', taskId }));

  test('answers its question when it can be nothing else', () => {
    const waiting = { task: { ...task, isOver: false }, questions: [openWords] };
    expect(heard('8080', { thread: waiting })).toEqual({
      kind: 'answer',
      intention: { kind: 'say', questionId: 'words001' },
      fields: { text: '8080' },
    });
    expect(heard('8080', { thread: { ...waiting, questions: [openWords, plan] } })).toMatchObject({
      kind: 'follow-up',
    });
    expect(heard('confirm, but blue', { thread: { ...waiting, questions: [plan] } })).toMatchObject({
      kind: 'follow-up',
    });
    expect(heard('reject: too rare', { thread: { ...waiting, questions: [toolRequest] } })).toMatchObject({
      kind: 'answer',
      intention: { decision: 'reject' },
    });
  });

  test('answers the one question of several that it replies to', () => {
    const thread = { task, questions: [openWords, plan] };
    expect(heard('confirm', { thread, repliesTo: { question: plan } })).toMatchObject({
      intention: { questionId: 'plan0001' },
    });
  });
});

describe('a place is listened to', () => {
  const direct = { channelId: '7', isDirect: true };
  const general = { channelId: '8', channelName: 'general', isDirect: false };
  const channels = [{ channel: '#General', repository: '/srv/api' }, { channel: '9' }];

  test('everywhere, unless channels are named', () => {
    expect(listeningTo(general, { channels: [] })).toEqual({ isHeard: true });
    expect(listeningTo({ ...general, channelName: 'other' }, { channels })).toEqual({ isHeard: false });
    expect(listeningTo(direct, { channels })).toEqual({ isHeard: true });
  });

  test('by its name or its id, with its repository', () => {
    expect(listeningTo(general, { channels })).toEqual({ isHeard: true, repository: '/srv/api' });
    expect(listeningTo({ ...general, channelId: '9', channelName: 'x' }, { channels })).toEqual({ isHeard: true });
    const both = [...channels, { channel: '8', repository: '/srv/by-id' }];
    expect(listeningTo(general, { channels: both }).repository).toBe('/srv/by-id');
  });
});
