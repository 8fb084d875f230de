// What is looked at before a file is sent: the end of a large Parquet file, more of it where its directory is long, and the
// sheets of a workbook.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { HEAD_BYTES, useBeginning } from '../src/pages/data/beginning';
import { SheetField } from '../src/pages/data/sheet';

afterEach(() => vi.unstubAllGlobals());

function Look({ file }: { file: File }) {
  const preview = useBeginning(file, {}, true);
  return <p>{preview.data ? `${preview.data.columns.length} columns, ${preview.data.row_count} rows` : 'nothing yet'}</p>;
}

it('asks for the end of a large Parquet file, and for more of it where that was too little', async () => {
  const asked: { part: string | null; size: number; last: string }[] = [];
  vi.stubGlobal('fetch', async (address: string, options: RequestInit) => {
    const body = options.body as Blob;
    const text = await new Response(body.slice(-4)).text().catch(() => '');
    asked.push({ part: new URL(address, 'http://here').searchParams.get('part'), size: body.size, last: text });
    if (asked.length === 1) return new Response(JSON.stringify({ code: 'unreadable_file', detail: 'too few' }), { status: 422 });
    return new Response(JSON.stringify({ format: 'parquet', columns: [{ name: 'a' }, { name: 'b' }], rows: [], row_count: 1_000_000, notes: [] }));
  });
  const file = new File([new Uint8Array(HEAD_BYTES + 10), 'PAR1'], 'large.parquet');
  render(<QueryClientProvider client={new QueryClient()}><Look file={file} /></QueryClientProvider>);
  await screen.findByText('2 columns, 1000000 rows');
  expect(asked.map(({ part, size }) => [part, size])).toEqual([['end', 1_000_000], ['end', HEAD_BYTES]]);
});

it('offers the sheets there are, and keeps offering them when one cannot be read', async () => {
  const chosen = vi.fn();
  const field = (preview: { sheets?: string[]; sheet?: string } | undefined) => <MantineProvider><SheetField preview={preview} sheet="" onSheet={chosen} /></MantineProvider>;
  const { rerender } = render(field({ sheets: ['2023', '2024'], sheet: '2023' }));
  const select = screen.getByLabelText('Sheet') as HTMLSelectElement;
  expect(select.value).toBe('2023');
  fireEvent.change(select, { target: { value: '2024' } });
  expect(chosen).toHaveBeenCalledWith('2024');
  rerender(field(undefined));
  await waitFor(() => expect([...(screen.getByLabelText('Sheet') as HTMLSelectElement).options].map((one) => one.value)).toEqual(['2023', '2024']));
});

it('asks nothing where there is one sheet, and for its name where none are known', () => {
  const { rerender } = render(<MantineProvider><SheetField preview={{ sheets: ['only'], sheet: 'only' }} sheet="" onSheet={() => {}} /></MantineProvider>);
  expect(screen.queryByLabelText('Sheet')).toBeNull();
  rerender(<MantineProvider><SheetField key="other" preview={undefined} sheet="" onSheet={() => {}} /></MantineProvider>);
  expect(screen.getByLabelText('Sheet').tagName).toBe('INPUT');
});
