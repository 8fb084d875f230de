// How the answer moves with one column: the mean over test rows with that column set to each of its values. Asked for when
// somebody chooses a column; the server keeps what it worked out.
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import type { Dependence, Model, Report } from '../../api/types';
import { day, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { Bars } from '../../charts/histogram';
import { Lines } from '../../charts/lines';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';

const POINTS = 30;
/** Below this share of one, or of the spread of what was answered, a column does not move the answer. */
const FLAT = 0.02;

/** The mean answer at each point, for one class or for the number. */
export function meansOf(found: Pick<Dependence, 'mean' | 'outputs' | 'grid'>, output: number): number[] {
  return found.grid.map((_, at) => found.mean[at * found.outputs + output] ?? Number.NaN);
}

/** The answers of single rows at each point. */
export function rowsOf(found: Dependence, output: number, most: number): number[][] {
  const points = found.grid.length;
  return found.rows.slice(0, most).map((_, row) => found.grid.map((_, at) => found.curves[(row * points + at) * found.outputs + output] ?? Number.NaN));
}

/** Where the answer is highest and lowest, in a sentence. */
export function dependsFinding(found: Pick<Dependence, 'column' | 'grid'>, means: number[], words: { what: string; at: (value: number | string) => string; of: (value: number) => string; scale: number }): string {
  const [high, low] = [Math.max(...means), Math.min(...means)];
  if (!(high - low > FLAT * words.scale)) return t('depends.flat', { column: found.column });
  const at = (value: number) => words.at(found.grid[means.indexOf(value)] ?? '');
  return t('depends.moves', { what: words.what, column: found.column, top: at(high), high: words.of(high), bottom: at(low), low: words.of(low) });
}

export function Depends({ model, report }: { model: Model; report: Report }) {
  const names = report.importance.map((row) => row.column);
  const [column, setColumn] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const classes = report.classes ?? [];
  const target = chosen ?? report.positive_class ?? classes[classes.length - 1] ?? null;
  const found = useQuery({
    queryKey: ['depends', model.id, column],
    queryFn: () => get<Dependence>(`/models/${model.id}/partial-dependence`, { query: { column, points: POINTS } }),
    enabled: column !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (names.length === 0) return null;
  return (
    <Panel title={t('depends.title')} className="no-print">
      <div className="stack">
        <p className="small soft wrap">{t('depends.lead')}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <NativeSelect label={t('depends.column')} value={column} onChange={(event) => setColumn(event.currentTarget.value)} data={[{ value: '', label: t('depends.choose') }, ...names]} style={{ flex: '0 1 280px' }} />
          {column !== '' && classes.length > 1 && <NativeSelect label={t('depends.class')} value={target ?? ''} onChange={(event) => setChosen(event.currentTarget.value)} data={classes} style={{ flex: '0 1 220px' }} />}
        </div>
        {column !== '' && (found.data ? <Plot found={found.data} classes={classes} target={target} model={model} /> : found.error ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton height={300} />)}
      </div>
    </Panel>
  );
}

function Plot({ found, classes, target, model }: { found: Dependence; classes: string[]; target: string | null; model: Model }) {
  const output = classes.length > 1 && found.outputs > 1 ? Math.max(0, classes.indexOf(target ?? '')) : 0;
  const means = meansOf(found, output);
  const shares = classes.length > 0;
  const of = (value: number) => (shares ? percent(value) : number(value));
  const dates = model.signature?.find((column) => column.name === found.column)?.kind === 'date';
  const at = (value: number | string) => (typeof value === 'string' ? `“${value}”` : dates ? day(value) : number(value));
  const what = shares ? t('depends.likely', { class: target ?? '' }) : model.target;
  const curves = rowsOf(found, output, 30);
  const spread = curves.flat().filter(Number.isFinite);
  const title = dependsFinding(found, means, { what, at, of, scale: shares ? 1 : Math.max(...spread, ...means) - Math.min(...spread, ...means) });
  const summary = t('depends.summary', { count: found.grid.length, column: found.column, low: of(Math.min(...means)), high: of(Math.max(...means)) });
  const xs = found.grid.filter((value) => typeof value === 'number');
  if (xs.length === found.grid.length && xs.length > 1) {
    return (
      <Lines
        title={title} how={t('depends.how')} summary={summary} name={`dependence-${found.column}`} xLabel={found.column} yLabel={what} level={3}
        lines={[{ name: what, xs, ys: means }]} faint={curves.map((ys) => ({ xs, ys }))} rug={xs} formatX={dates ? (value) => day(value).slice(0, 10) : undefined} formatY={shares ? (value) => percent(value, 0) : undefined}
      />
    );
  }
  return <Bars title={title} how={t('depends.howBars')} rows={found.grid.map((value, place) => ({ label: String(value), value: means[place] ?? 0 }))} name={`dependence-${found.column}`} unit={what} summary={summary} total={shares ? 1 : undefined} />;
}
