// Two columns against each other, row by row: numbers as a plane, a number by a category as boxes, two categories as shares.
import { NativeSelect } from '@mantine/core';
import type { ColumnProfile, Profile, SomeRows } from '../../api/types';
import { useAddress } from '../../app/list';
import { t } from '../../app/t';
import { Boxes, Stacks } from '../../charts/boxes';
import { Hexbin, type Point } from '../../charts/hexbin';
import { ErrorPanel, Skeleton } from '../../design/parts';
import { MOST_ROWS, splitBy, splitters } from './split';
import { found } from './splitted';
import { only, useSpread } from './spread';

const isNumber = (column: ColumnProfile) => column.kind === 'number' || column.kind === 'integer';

/** The columns that a plane can be drawn of. */
export function numbers(profile: Profile): string[] {
  return profile.columns.filter(isNumber).map((column) => column.name);
}

/** The two number columns that go together most, with what to predict where that is a number; otherwise the first two. */
export function firstPair(profile: Profile, target: string | undefined): [string, string] | null {
  const names = numbers(profile);
  const pairs = profile.correlations.filter((pair) => pair.a !== pair.b && names.includes(pair.a) && names.includes(pair.b)).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const best = pairs.find((pair) => pair.a === target || pair.b === target) ?? pairs[0];
  if (best) return best.b === target || best.a !== target ? [best.a, best.b] : [best.b, best.a];
  return names[0] && names[1] ? [names[0], names[1]] : null;
}

/** The rows where both are filled. */
export function pointsOf(rows: SomeRows, x: string, y: string): Point[] {
  return only(rows, [x, y]).rows.flatMap(([across, up]) => (typeof across === 'number' && typeof up === 'number' ? [{ x: across, y: up }] : []));
}

/** How far two numbers lie on one line, from −1 to 1; nothing where one of them never changes. */
export function alongALine(points: Point[]): number | null {
  const count = points.length;
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, count);
  const [mx, my] = [mean((point) => point.x), mean((point) => point.y)];
  const [xx, yy, xy] = points.reduce(([a, b, c], point) => [a + (point.x - mx) ** 2, b + (point.y - my) ** 2, c + (point.x - mx) * (point.y - my)], [0, 0, 0] as [number, number, number]);
  return count < 3 || xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** What the plane says first. */
export function pairFinding(points: Point[], x: string, y: string): string {
  const along = alongALine(points);
  if (along === null) return t('two.title', { x, y });
  return t(Math.abs(along) < 0.1 ? 'two.none' : along > 0 ? (along > 0.5 ? 'two.rises' : 'two.risesSome') : along < -0.5 ? 'two.falls' : 'two.fallsSome', { x, y });
}

function from(profile: Profile, rows: SomeRows): string {
  return profile.rows > MOST_ROWS ? t('split.part', { rows: rows.rows.length, total: profile.rows }) : t('split.whole', { rows: rows.rows.length });
}

function Plane({ points, x, y, how }: { points: Point[]; x: string; y: string; how: string }) {
  if (points.length === 0) return <p className="soft">{t('two.empty', { x, y })}</p>;
  return <Hexbin title={pairFinding(points, x, y)} over={t('split.over', { column: y, by: x })} how={how} summary={t('two.summary', { x, y, count: points.length })} name={`${y}-by-${x}`} xLabel={x} yLabel={y} points={points} />;
}

/** Any two number columns; the choice stands in the address. */
export function TwoNumbers({ id, profile, target }: { id: string; profile: Profile; target: string | undefined }) {
  const names = numbers(profile);
  const [address, change] = useAddress();
  const rows = useSpread(id, profile.rows);
  const first = firstPair(profile, target);
  if (!first) return null;
  const [x, y] = [address.x, address.y].map((wanted, at) => (wanted && names.includes(wanted) ? wanted : (first[at] ?? ''))) as [string, string];
  const points = rows.data ? pointsOf(rows.data, x, y) : [];
  return (
    <section className="panel stack" aria-label={t('two.label')}>
      <div className="row" style={{ alignItems: 'flex-end', '--gap': '16px' } as React.CSSProperties}>
        <NativeSelect label={t('two.x')} value={x} data={names} onChange={(event) => change({ x: event.currentTarget.value })} style={{ flex: '0 1 240px' }} />
        <NativeSelect label={t('two.y')} value={y} data={names} onChange={(event) => change({ y: event.currentTarget.value })} style={{ flex: '0 1 240px' }} />
      </div>
      {rows.isPending ? <Skeleton height={360} /> : !rows.data ? <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} /> : <Plane points={points} x={x} y={y} how={`${t('two.how')} ${from(profile, rows.data)}`} />}
    </section>
  );
}

/** Whether a column can be drawn against the one to predict, and as what. */
export function against(profile: Profile, name: string, target: string | undefined): 'plane' | 'by-target' | 'by-column' | null {
  const [column, other] = [name, target].map((one) => profile.columns.find((each) => each.name === one));
  if (!column || !other || column === other || column.kind === 'text' || column.kind === 'identifier') return null;
  if (splitters([other]).length > 0) return 'by-target';
  if (!isNumber(other)) return null;
  if (isNumber(column)) return 'plane';
  return splitters([column]).length > 0 ? 'by-column' : null;
}

/** A column beside the one to predict, in its drawer. */
export function ByTarget({ id, profile, column, target }: { id: string; profile: Profile; column: string; target: string }) {
  const way = against(profile, column, target);
  const rows = useSpread(id, profile.rows);
  if (!way) return null;
  if (rows.isPending) return <Skeleton height={220} />;
  if (!rows.data) return <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />;
  if (way === 'plane') return <Plane points={pointsOf(rows.data, column, target)} x={column} y={target} how={`${t('two.how')} ${from(profile, rows.data)}`} />;
  const [by, drawn] = way === 'by-target' ? [target, column] : [column, target];
  const { groups, splits } = splitBy(only(rows.data, [by, drawn]), by, profile.columns);
  const split = splits[0];
  if (!split) return null;
  const over = t('split.over', { column: drawn, by });
  return split.kind === 'boxes' ? <Boxes title={found(split, by, groups)} over={over} name={drawn} by={by} boxes={split.boxes} dates={split.dates} /> : <Stacks title={found(split, by, groups)} over={over} name={drawn} by={by} groups={groups} stacks={split.stacks} />;
}
