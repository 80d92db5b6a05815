import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { empty, ended, pushed, snapshot, stands, type Board } from '../src/board';
import type { Alert, Alerts, DeliveryState, Pushed } from '../src/generated/schema';

const delivery = (n: number, state: DeliveryState = 'DELIVERY_STATE_RECEIVED'): Alert => ({
  number: String(n), child: `child${n % 3}`, notice: { type: 'ENTRY_TYPE_DELIVERY', attention: 'ATTENTION_ACT', state },
});
const snap = (head: number, alerts: Alert[], epoch = '1'): Alerts => ({ epoch, head: String(head), alerts });
const came = (n: number): Pushed => ({ epoch: '1', number: String(n), entry: delivery(n) });
const changed = (n: number, of: number, state: DeliveryState): Pushed => ({
  epoch: '1', number: String(n), entry: { number: String(n), notice: { type: 'ENTRY_TYPE_CHANGE', refersTo: String(of) } }, now: delivery(of, state),
});
const start = (alerts: Alert[] = [], head = 0) => snapshot(empty, snap(head, alerts));
const plain = (b: Board) => ({ ...b, alerts: [...b.alerts].sort(), tasks: [...b.tasks].sort() });

describe('board', () => {
  it('is not trusted before its first snapshot', () => expect(pushed(empty, came(1))).toBe(empty));
  it('takes the next number', () => expect(pushed(start(), came(1)).alerts.has('1')).toBe(true));
  it('takes a number once', () => {
    const once = pushed(start(), came(1));
    expect(pushed(once, came(1))).toBe(once);
  });
  it('asks for a snapshot at a gap and at a new epoch', () => {
    expect(pushed(start(), came(2)).reload).toBe(true);
    expect(pushed(start(), { ...came(1), epoch: '2' }).reload).toBe(true);
  });
  it('shows the delivery as a change leaves it, and drops what ended', () => {
    const one = pushed(start(), came(1));
    expect(pushed(one, changed(2, 1, 'DELIVERY_STATE_ACKNOWLEDGED')).alerts.get('1')?.notice?.state).toBe('DELIVERY_STATE_ACKNOWLEDGED');
    expect(pushed(one, changed(2, 1, 'DELIVERY_STATE_FINISHED')).alerts.size).toBe(0);
  });
  it('shows one that came ahead, and once', () => {
    const ahead = pushed(start(), { epoch: '1', number: '3', ahead: true, entry: delivery(3) });
    expect(ahead.head).toBe(0n);
    expect([...ahead.alerts.keys()]).toEqual(['3']);
    const all = [1, 2, 3].map(came).reduce(pushed, ahead);
    expect([...all.alerts.keys()].sort()).toEqual(['1', '2', '3']);
  });
  it('does not bring back by ahead what ended', () => {
    const done = pushed(pushed(start(), came(1)), changed(2, 1, 'DELIVERY_STATE_FINISHED'));
    expect(pushed(done, { epoch: '1', number: '1', ahead: true, entry: delivery(1) }).alerts.size).toBe(0);
  });
  it('ignores a snapshot older than what it shows, unless it asked for one', () => {
    const two = [1, 2].map(came).reduce(pushed, start());
    expect(snapshot(two, snap(1, [delivery(1)]))).toBe(two);
    expect(snapshot({ ...two, reload: true }, snap(1, [delivery(1)])).head).toBe(1n);
  });
  it('ends see by opening and act by finishing only', () => {
    const see: Alert = { notice: { attention: 'ATTENTION_SEE', state: 'DELIVERY_STATE_OPENED' } };
    expect(ended(see)).toBe(true);
    expect(ended(delivery(1, 'DELIVERY_STATE_ACTIONED'))).toBe(false);
  });
  it('keeps open tasks and drops done ones', () => {
    const open = stands(start(), undefined, { task: { taskId: 'AA==' } });
    expect(open.tasks.size).toBe(1);
    expect(stands(open, undefined, { task: { taskId: 'AA==', state: 'TASK_STATE_DONE' } }).tasks.size).toBe(0);
  });
  it('counts past 2^53', () => {
    const big = snapshot(empty, { epoch: '1', head: '9007199254740993' });
    expect(pushed(big, { epoch: '1', number: '9007199254740994', entry: delivery(1) }).reload).toBe(false);
  });
  it('is the same whichever snapshot the stream starts from and whatever comes twice', () => {
    const step = fc.record({ act: fc.boolean(), of: fc.nat(20), state: fc.constantFrom<DeliveryState>('DELIVERY_STATE_OPENED', 'DELIVERY_STATE_ACKNOWLEDGED', 'DELIVERY_STATE_FINISHED') });
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), fc.nat(30), fc.nat(30), (steps, at, from, again) => {
      const known: number[] = [];
      const log = steps.map((s, i) => {
        if (!s.act || !known.length) { known.push(i + 1); return came(i + 1); }
        return changed(i + 1, known[s.of % known.length]!, s.state);
      });
      const boards = [start()];
      log.forEach((m) => boards.push(pushed(boards[boards.length - 1]!, m)));
      const cut = Math.min(at, log.length);
      const begun = snapshot(empty, snap(cut, [...boards[cut]!.alerts.values()]));
      let board = log.slice(Math.min(from, cut)).reduce(pushed, begun);
      const late = Math.min(again, log.length);
      board = snapshot(board, snap(late, [...boards[late]!.alerts.values()]));
      board = log.slice(late).reduce(pushed, board);
      expect(plain(board)).toEqual(plain(boards[boards.length - 1]!));
    }));
  });
  // An immediate one comes out of its turn, at any moment, once or twice; tasks come and are done between.
  it('ends the same whatever came ahead and whenever', () => {
    const step = fc.record({ what: fc.constantFrom('told', 'act', 'task', 'done'), of: fc.nat(20), state: fc.constantFrom<DeliveryState>('DELIVERY_STATE_ACKNOWLEDGED', 'DELIVERY_STATE_FINISHED') });
    const early = fc.record({ of: fc.nat(40), before: fc.nat(40) });
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.array(early, { maxLength: 5 }), (steps, copies) => {
      const told: number[] = [];
      const tasks: number[] = [];
      const log = steps.map((s, i): Pushed => {
        const n = i + 1;
        if (s.what === 'act' && told.length) return changed(n, told[s.of % told.length]!, s.state);
        if (s.what === 'done' && tasks.length) return { epoch: '1', number: String(n), task: { task: { taskId: `t${tasks[s.of % tasks.length]}`, state: 'TASK_STATE_DONE' } } };
        if (s.what === 'task') { tasks.push(n); return { epoch: '1', number: String(n), entry: { number: String(n), notice: { type: 'ENTRY_TYPE_TASK' } }, task: { task: { taskId: `t${n}` } } }; }
        told.push(n);
        return came(n);
      });
      const plainly = log.reduce(pushed, start());
      const stream: Pushed[] = [...log];
      for (const copy of copies) {
        if (!told.length) break;
        const n = told[copy.of % told.length]!;
        const at = copy.before % (stream.length + 1);
        stream.splice(at, 0, { epoch: '1', number: String(n), ahead: true, entry: delivery(n) });
      }
      expect(plain(stream.reduce(pushed, start()))).toEqual(plain(plainly));
    }), { numRuns: 500 });
  });
});
