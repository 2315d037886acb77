// Usage by day, stacked by who paid or by meter; a day opens its calls.

import { useQuery } from '@tanstack/react-query';
import { Card, Segmented, Skeleton } from 'antd';
import type { EChartsOption } from 'echarts';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import {
  accountCall,
  accountPath,
  type BookDocument,
  titleIn,
  useAccount,
  useAccountId,
  useBookOf,
} from '../parts/account.ts';
import { Chart } from '../parts/chart.tsx';
import { Amount, countText } from '../parts/figures.tsx';
import { MonthInput, monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { usageWords } from '../words/usage.ts';

type Line = Answer<'usage'>['lines'][number];
type By = 'payer' | 'meter' | 'department';
const ways = ['payer', 'meter', 'department'] as const satisfies readonly By[];

/** Calls of a day that belong together. */
interface Stacked {
  readonly day: string;
  readonly group: string;
  readonly calls: Answer<'usage'>['lines'][number]['calls'];
}

export default function Usage() {
  const say = useWords(usageWords);
  const id = useAccountId();
  const now = useNow();
  const [asked, setAsked] = useSearchParams();
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const month =
    asked.get('month') ?? (now === undefined || account === undefined ? undefined : monthOf(now, account.timeZone));
  const by: By = ways.find((way) => way === asked.get('by')) ?? 'payer';
  const path = accountCall(id, '/usage');
  const ofDepartments = accountCall(id, '/usage/departments');
  const usage = useQuery({
    queryKey: [path, month],
    queryFn: () => ask<Answer<'usage'>>('GET', path, { query: { month } }),
    enabled: month !== undefined && by !== 'department',
  });
  const departments = useQuery({
    queryKey: [ofDepartments, month],
    queryFn: () => ask<Answer<'departmentUsage'>>('GET', ofDepartments, { query: { month } }),
    enabled: month !== undefined && by === 'department',
  });
  const shown = by === 'department' ? departments : usage;
  const stacked =
    by === 'department'
      ? departments.data?.lines.map(({ day, department, calls }) => ({ day, group: department, calls }))
      : usage.data?.lines.map((line) => ({ day: line.day, group: groupOf(line, by), calls: line.calls }));
  const choose = (part: Record<string, string>) =>
    setAsked({ ...(month === undefined ? {} : { month }), by, ...part }, { replace: true });
  return (
    <>
      <PageHead title={say('title')}>
        <Segmented<By>
          aria-label={say('by')}
          value={by}
          options={ways.map((value) => ({ value, label: say(value) }))}
          onChange={(value) => choose({ by: value })}
        />
        <MonthInput label={say('month')} month={month ?? ''} onChange={(value) => choose({ month: value })} />
      </PageHead>
      <ProblemShown problem={shown.error} onAgain={() => void shown.refetch()} />
      {stacked === undefined || month === undefined ? (
        shown.error === null ? (
          <Skeleton active />
        ) : null
      ) : stacked.length === 0 ? (
        <div className="empty">{say('none')}</div>
      ) : (
        <Card size="small">
          <ByDay account={id} month={month} lines={stacked} by={by} book={book} />
        </Card>
      )}
      {month === undefined ? null : <ByDepartment account={id} month={month} currency={account?.currency ?? ''} />}
    </>
  );
}

interface ByDayProps {
  readonly account: string;
  readonly month: string;
  readonly lines: readonly Stacked[];
  readonly by: By;
  readonly book: BookDocument | undefined;
}

/** Of whom, and of what, a line is shown as. */
const groupOf = ({ payer, gift, meter }: Line, by: 'payer' | 'meter'): string => {
  if (by === 'meter') return meter;
  return payer === 'postpaid' || payer === 'not-charged' ? payer : gift ? 'gifts' : 'packs';
};

function ByDay({ account, month, lines, by, book }: ByDayProps) {
  const say = useWords(usageWords);
  const said = useSaid();
  const days = useMemo(() => daysOf(month), [month]);
  const groups = [...new Set(lines.map(({ group }) => group))].toSorted();
  const titleOf = (group: string): string => {
    if (by === 'meter') return said(titleIn(book, 'meters', group));
    if (by === 'department') return group === '' ? say('noDepartment') : group;
    return say(group as 'postpaid' | 'not-charged' | 'gifts' | 'packs');
  };
  const callsOf = useMemo(() => {
    const sums = new Map<string, bigint>();
    for (const line of lines) {
      for (const key of [`${line.day} of ${line.group}`, line.day])
        sums.set(key, (sums.get(key) ?? 0n) + BigInt(line.calls));
    }
    return (day: string, group?: string) => sums.get(group === undefined ? day : `${day} of ${group}`) ?? 0n;
  }, [lines]);
  const option: EChartsOption = {
    grid: { left: 64, right: 16, top: 40, bottom: 32 },
    legend: { top: 0, type: 'scroll' },
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    xAxis: { type: 'category', data: days.map((day) => day.slice(8)) },
    yAxis: { type: 'value' },
    series: groups.map((group) => ({
      name: titleOf(group),
      type: 'bar',
      stack: 'calls',
      data: days.map((day) => Number(callsOf(day, group))),
    })),
  };
  const used = days.filter((day) => callsOf(day) > 0n);
  const table = (
    <Scroll label={say('title')}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{say('day')}</th>
            {groups.map((group) => (
              <th scope="col" className="number" key={group}>
                {titleOf(group)}
              </th>
            ))}
            <th scope="col" className="number">
              {say('total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {used.map((day) => (
            <tr key={day}>
              <td className="nowrap">
                <Link to={accountPath(account, `calls?month=${month}&day=${day}`)}>{day}</Link>
              </td>
              {groups.map((group) => (
                <td className="number" key={group}>
                  {countText(callsOf(day, group))}
                </td>
              ))}
              <td className="number">{countText(callsOf(day))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
  return <Chart option={option} label={say('chart', { month, by: say(by) })} below={table} />;
}

function daysOf(month: string): string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, at) => `${month}-${String(at + 1).padStart(2, '0')}`);
}

function ByDepartment({ account, month, currency }: { account: string; month: string; currency: string }) {
  const say = useWords(usageWords);
  const path = `/v1/bills/${encodeURIComponent(`${account}:${month}`)}/departments`;
  const { data } = useQuery({ queryKey: [path], queryFn: () => ask<Answer<'departments'>>('GET', path), retry: false });
  if (data === undefined || data.departments.length < 2) return null;
  return (
    <Card size="small" style={{ marginTop: 16 }} title={<h2 className="card-title">{say('departments')}</h2>}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{say('departmentTitle')}</th>
            <th scope="col" className="number">
              {say('calls')}
            </th>
            <th scope="col" className="number">
              {currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.departments.map(({ department, calls, amount }) => (
            <tr key={department}>
              <td>{department === '' ? say('noDepartment') : department}</td>
              <td className="number">{countText(calls)}</td>
              <td className="number">
                <Amount amount={amount} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
