// The running of a place: its days as plots, whom to ask; how a file is read; and choices that the address has yet to say.
import { fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DayStatistics, Spender } from '../src/api/types';
import { settingsQuery } from '../src/api/queries';
import { Contact, contactAddress } from '../src/app/contact';
import { Plots, predictionsFinding, refusedFinding, refusedShare, secondsOf, spendersFinding } from '../src/pages/admin/days';
import { useBeginning } from '../src/pages/data/beginning';
import { stillAhead } from '../src/pages/train/ahead';

afterEach(() => vi.unstubAllGlobals());

const day = (at: number, part: Partial<DayStatistics> = {}): DayStatistics => ({ day: new Date(Date.UTC(2026, 1, 27) + at * 86_400_000).toISOString().slice(0, 10), predictions: 0, trainings: 0, tokens: 0, refused: 0, active_users: 0, ...part });
const spender = (name: string | null, tokens: number): Spender => ({ user_id: '1', user: name === null ? null : { id: '1', number: 1, name }, tokens });

describe('the days of a place', () => {
  it('say whether more is asked than the week before, else when most was', () => {
    const two = (before: number, now: number) => [...Array.from({ length: 7 }, (_, at) => day(at, { predictions: before })), ...Array.from({ length: 7 }, (_, at) => day(at + 7, { predictions: now }))];
    expect(predictionsFinding(two(10, 20))).toBe('More is asked: 20 predictions a day in the last week, 10 in the week before');
    expect(predictionsFinding(two(10, 5))).toMatch(/^Less is asked/);
    expect(predictionsFinding([...two(10, 11), day(14, { predictions: 13 })])).toBe('Most was asked on 2026-03-13: 13 predictions');
    expect(predictionsFinding([day(0), day(1)])).toBe('No model was asked in these 2 days');
  });
  it('leave a day without any request out of the share that was refused', () => {
    expect(refusedShare(day(0))).toBeNull();
    expect(refusedShare(day(0, { predictions: 2, trainings: 1, refused: 1 }))).toBe(0.25);
    expect(refusedFinding([day(0, { predictions: 8 }), day(1, { predictions: 1, refused: 1 })])).toBe('10\u00a0% of what was asked was refused, most on 2026-02-28');
    expect(refusedFinding([day(0, { predictions: 8 })])).toMatch(/^Nothing was refused/);
  });
  it('name who spent most', () => {
    expect(spendersFinding([day(0, { tokens: 40 })], [spender('ana@example.com', 30), spender(null, 10)])).toBe('“ana@example.com” spent most: 75\u00a0% of all tokens');
    expect(spendersFinding([day(0)], [])).toMatch(/^Nobody spent/);
  });
  it('are drawn with every day, and every day is in the table', () => {
    const days = [day(0, { predictions: 4, tokens: 20 }), day(1), day(2, { predictions: 1, refused: 3 })];
    const { container } = render(<Plots found={{ days, spenders: [spender('<b>Ana</b>', 20)] }} />);
    const [first] = container.querySelectorAll('figure');
    const bars = [...(first?.querySelectorAll('rect.bar') ?? [])].map((bar) => Number(bar.getAttribute('height')));
    expect(bars).toHaveLength(3);
    expect(bars[0]).toBeGreaterThan(bars[2] ?? 0);
    expect(bars[1]).toBe(0);
    fireEvent.click(screen.getAllByRole('button', { name: 'Show as table' })[0] as HTMLElement);
    expect([...container.querySelectorAll('figure')][0]?.querySelectorAll('tbody tr')).toHaveLength(3);
    expect(screen.getByRole('img', { name: 'Tokens spent: <b>Ana</b> 20.' })).toBeTruthy();
  });
  it('begin at midnight in UTC, over the end of February too', () => {
    expect(secondsOf('2026-03-01') - secondsOf('2026-02-28')).toBe(86_400);
    expect(secondsOf('1970-01-02')).toBe(86_400);
  });
});

describe('whom to ask', () => {
  it('is a link where it is an address, and a text where it is none', () => {
    expect([contactAddress('ana@example.com'), contactAddress('https://help.example.com/x'), contactAddress('room 12, Ana'), contactAddress('javascript:alert(1)'), contactAddress('a@b')]).toEqual(['mailto:ana@example.com', 'https://help.example.com/x', null, null, null]);
  });
  it('is shown as it was written, and not at all where nobody said', () => {
    const client = new QueryClient();
    const about = (contact: string) => client.setQueryData(settingsQuery.queryKey, { contact } as never);
    about('');
    const { container, rerender } = render(<QueryClientProvider client={client}><Contact /></QueryClientProvider>);
    expect(container.textContent).toBe('');
    about('<img src=x> in room 12');
    rerender(<QueryClientProvider client={client}><Contact key="again" /></QueryClientProvider>);
    expect(container.textContent).toBe('Whom to ask here: <img src=x> in room 12');
  });
});

it('what was chosen last counts until the address says it, or says something else', () => {
  expect(stillAhead(['a=1', 'a=2'], 'a=1')).toEqual(['a=2']);
  expect(stillAhead(['a=1', 'a=2'], 'a=2')).toEqual([]);
  expect(stillAhead(['a=1', 'a=2'], 'b=7')).toEqual([]);
});

it('what is chosen of how a file is read is asked for with its beginning', async () => {
  const asked: URLSearchParams[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(new URL(address, 'http://here').searchParams);
    return new Response(JSON.stringify({ format: 'csv', columns: [{ name: 'a' }], rows: [['1']], notes: [] }));
  });
  function Look({ delimiter, header }: { delimiter?: string; header?: boolean }) {
    const preview = useBeginning(new File(['a;b'], 'a.csv', { lastModified: 1 }), { delimiter, header }, true);
    return <p>{preview.data && !preview.isPlaceholderData ? `read with ${delimiter ?? 'nothing'}` : 'reading'}</p>;
  }
  const client = new QueryClient();
  const show = (node: React.ReactNode) => <QueryClientProvider client={client}>{node}</QueryClientProvider>;
  const { rerender } = render(show(<Look />));
  await screen.findByText('read with nothing');
  rerender(show(<Look delimiter=";" header={false} />));
  await screen.findByText('read with ;');
  expect(asked.map((one) => [one.get('file_name'), one.get('delimiter'), one.get('header')])).toEqual([['a.csv', null, null], ['a.csv', ';', 'false']]);
});
