import type { Schedule } from '@furrow/manifest';

type Cron = Extract<Schedule, { readonly type: 'cron' }>;

const dayMs = 86_400_000;
/** Four years have every day that there is; and no year without one of them is waited for. */
const mostDays = 366 * 5;

/** When a schedule next fires after a moment, in milliseconds since 1970; `undefined` when that is years away, or never. */
export function nextRunMs(schedule: Schedule, afterMs: number): number | undefined {
  if (schedule.type === 'rate') return afterMs + schedule.everyMs;
  const first = Math.floor(afterMs / dayMs) * dayMs;
  for (let day = 0; day < mostDays; day += 1) {
    const startMs = first + day * dayMs;
    const found = isOn(schedule, new Date(startMs)) ? timeOf(schedule, startMs, afterMs) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function timeOf({ hours, minutes }: Cron, startMs: number, afterMs: number): number | undefined {
  return hours
    .flatMap((hour) => minutes.map((minute) => startMs + hour * 3_600_000 + minute * 60_000))
    .find((ms) => ms > afterMs);
}

function isOn({ years, months, days }: Cron, date: Date): boolean {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (!years.includes(year) || !months.includes(month + 1)) return false;
  const last = lastDay(year, month);
  if (days.of === 'month') {
    return days.rules.some((rule) => {
      const wanted = rule.day === 'last' ? last : rule.day;
      return wanted <= last && day === (rule.isNearestWorkday ? nearestWorkday({ year, month, day: wanted }) : wanted);
    });
  }
  return days.rules.some(({ day: weekday, which }) => {
    if (date.getUTCDay() + 1 !== weekday) return false;
    if (which === 'last') return day + 7 > last;
    return which === 'every' || Math.ceil(day / 7) === which;
  });
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

/** Monday to Friday, in the same month. */
function nearestWorkday({ year, month, day }: { year: number; month: number; day: number }): number {
  const weekday = new Date(Date.UTC(year, month, day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === lastDay(year, month) ? day - 2 : day + 1;
  return day;
}
