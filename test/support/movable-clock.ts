import type { Clock } from '@furrow/protocol';

export interface MovableClock extends Clock {
  /** Moves time ahead: whatever is due on the way happens, in its order, before this returns. */
  readonly advance: (ms: number) => void;
}

interface Appointment {
  readonly dueMs: number;
  readonly task: () => void;
  timer?: NodeJS.Timeout;
}

/** A clock that goes with the machine's, and can be moved ahead of it. */
export function createMovableClock(): MovableClock {
  const appointments = new Set<Appointment>();
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;

  function arm(appointment: Appointment): void {
    clearTimeout(appointment.timer);
    appointment.timer = setTimeout(() => run(appointment), Math.max(0, appointment.dueMs - now()));
  }

  function run(appointment: Appointment): void {
    clearTimeout(appointment.timer);
    if (appointments.delete(appointment)) appointment.task();
  }

  function nextUntil(limitMs: number): Appointment | undefined {
    return [...appointments].filter(({ dueMs }) => dueMs <= limitMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  }

  return {
    now,
    after(ms, task) {
      const appointment: Appointment = { dueMs: now() + ms, task };
      appointments.add(appointment);
      arm(appointment);
      return () => {
        clearTimeout(appointment.timer);
        appointments.delete(appointment);
      };
    },
    advance(ms) {
      const untilMs = now() + ms;
      for (let next = nextUntil(untilMs); next !== undefined; next = nextUntil(untilMs)) {
        aheadMs += Math.max(0, next.dueMs - now());
        run(next);
      }
      aheadMs += Math.max(0, untilMs - now());
      for (const appointment of appointments) arm(appointment);
    },
  };
}
