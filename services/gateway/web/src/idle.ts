// When a screen that nobody uses locks. Pure: time comes in. The gateway keeps its own clock; this one
// only warns early enough and hides the page on time.
export type IdleState = 'active' | 'warning' | 'locked';

export function idleState(lastActive: number, now: number, lockAfterS: number, warningS: number): IdleState {
  if (!lockAfterS) return 'active';
  const idle = (now - lastActive) / 1000;
  if (idle >= lockAfterS) return 'locked';
  return idle >= lockAfterS - (warningS || 120) ? 'warning' : 'active';
}

// The gateway hears of activity at most this often from a person who only types and reads.
export const kTellEvery = 60_000;
