// What a team has to see now: a snapshot, and each pushed message after it. Pure; the numbers of the
// team's log decide, never the order in which things arrive, so that a snapshot and a stream that
// overlap give the same board. Numbers are uint64: bigint here, strings in the JSON.
import type { Alert, Alerts, Pushed, TaskRow } from './generated/schema';
import { atLeast } from './words';

export interface Board {
  epoch: string;
  head: bigint;
  asOfUs: string;
  alerts: ReadonlyMap<string, Alert>;   // by number; deliveries that have not ended
  tasks: ReadonlyMap<string, TaskRow>;  // by task id; open ones
  reload: boolean;                      // a gap or a new epoch: only a new snapshot helps
}

export const empty: Board = { epoch: '0', head: 0n, asOfUs: '', alerts: new Map(), tasks: new Map(), reload: true };

const number = (text: string | undefined): bigint => BigInt(text ?? '0');

// P4: act ends by a person's act, see by opening, file at receipt.
export function ended(alert: Alert): boolean {
  const { attention, state } = alert.notice ?? {};
  if (attention === 'ATTENTION_SEE') return atLeast(state, 'DELIVERY_STATE_OPENED');
  if (attention === 'ATTENTION_FILE') return atLeast(state, 'DELIVERY_STATE_RECEIVED');
  return atLeast(state, 'DELIVERY_STATE_FINISHED');
}

export function taskOpen(row: TaskRow): boolean {
  const state = row.task?.state ?? 'TASK_STATE_UNSPECIFIED';
  return state === 'TASK_STATE_UNSPECIFIED' || state === 'TASK_STATE_OPEN';
}

// An older snapshot than what stands here says nothing new: an answer that was slow.
export function snapshot(board: Board, from: Alerts): Board {
  const head = number(from.head);
  const epoch = from.epoch ?? '0';
  if (!board.reload && epoch === board.epoch && head < board.head) return board;
  const alerts = new Map((from.alerts ?? []).filter((a) => !ended(a)).map((a) => [a.number ?? '0', a]));
  const tasks = new Map((from.tasks ?? []).filter(taskOpen).map((t) => [t.task?.taskId ?? '', t]));
  return { epoch, head, asOfUs: from.asOfUs ?? '', alerts, tasks, reload: false };
}

function withAlert(board: Board, alert: Alert): Board {
  const alerts = new Map(board.alerts);
  const key = alert.number ?? '0';
  if (ended(alert)) alerts.delete(key);
  else alerts.set(key, alert);
  return { ...board, alerts };
}

function withTask(board: Board, row: TaskRow): Board {
  const tasks = new Map(board.tasks);
  const key = row.task?.taskId ?? '';
  if (taskOpen(row)) tasks.set(key, row);
  else tasks.delete(key);
  return { ...board, tasks };
}

// What an act's answer, or a change, says of one delivery or task.
export function stands(board: Board, now: Alert | undefined, task: TaskRow | undefined): Board {
  let next = board;
  if (now?.number) next = withAlert(next, now);
  if (task?.task) next = withTask(next, task);
  return next;
}

export function pushed(board: Board, message: Pushed): Board {
  if (board.reload) return board;
  if ((message.epoch ?? '0') !== board.epoch) return { ...board, reload: true };
  const at = number(message.number);
  const entry = message.entry;
  if (message.ahead) {
    const known = board.alerts.has(entry?.number ?? '0') || number(entry?.number) <= board.head;
    return known || !entry ? board : withAlert(board, entry);
  }
  if (at <= board.head) return board;
  if (at > board.head + 1n) return { ...board, reload: true };
  let next: Board = { ...board, head: at };
  if (entry?.notice?.type === 'ENTRY_TYPE_DELIVERY') next = withAlert(next, entry);
  return stands(next, message.now, message.task);
}
