import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Curves, thin } from '../src/charts/curves';
import { csv } from '../src/charts/export';
import { ConfusionMatrix, worstPairs } from '../src/charts/heatmap';
import { hexagons } from '../src/charts/hexbin';
import { ColumnPlot, cut, Histogram } from '../src/charts/histogram';
import { Importance } from '../src/charts/importance';
import { square } from '../src/pages/data/relations';

describe('csv', () => {
  it('quotes what would break a row', () => {
    expect(csv({ head: ['a', 'b'], rows: [['x,y', 1], ['say "hi"', null]] })).toBe('a,b\n"x,y",1\n"say ""hi""",\n');
  });
});

describe('thinning', () => {
  it('keeps the first and last point and never adds any', () => {
    expect(thin(3)).toEqual([0, 1, 2]);
    const places = thin(10_000, 300);
    expect(places).toHaveLength(300);
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(9999);
  });
});

describe('hexagons', () => {
  it('loses no point and puts near ones together', () => {
    const points = Array.from({ length: 500 }, (_, index) => ({ x: (index * 37) % 200, y: (index * 91) % 150 }));
    const bins = hexagons(points, 8);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(500);
    expect(hexagons([{ x: 50, y: 50 }, { x: 50.5, y: 50.2 }], 8)).toHaveLength(1);
  });
  it('gives each point the nearest centre', () => {
    for (const bin of hexagons([{ x: 3, y: 4 }, { x: 77.7, y: 12.1 }, { x: -5, y: 30 }], 8)) {
      const near = [{ x: 3, y: 4 }, { x: 77.7, y: 12.1 }, { x: -5, y: 30 }].some((point) => Math.hypot(point.x - bin.x, point.y - bin.y) <= 8);
      expect(near).toBe(true);
    }
  });
});

describe('correlations', () => {
  it('makes a symmetric square of pairs', () => {
    expect(square([{ a: 'x', b: 'y', value: 0.5, method: 'pearson' }, { a: 'y', b: 'z', value: -1, method: 'pearson' }])).toEqual({
      columns: ['x', 'y', 'z'],
      values: [[null, 0.5, null], [0.5, null, -1], [null, -1, null]],
    });
  });
  it('keeps the strongest columns of a wide table, in their order', () => {
    const columns = Array.from({ length: 40 }, (_, index) => `c${index}`);
    const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => ({ a, b, value: a === 'c0' && b === 'c39' ? 0.9 : 0.01, method: 'pearson' })));
    const kept = square(pairs);
    expect(kept.columns).toHaveLength(24);
    expect(kept.columns[0]).toBe('c0');
    expect(kept.columns.at(-1)).toBe('c39');
    expect(kept.values[0]?.at(-1)).toBe(0.9);
  });
});

describe('plots', () => {
  it('draws a bar for each bin, with a summary, and the same numbers as a table', () => {
    const { container } = render(<Histogram title="age" name="age" bins={{ edges: [0, 10, 20, 30], counts: [5, 20, 1] }} />);
    expect(container.querySelectorAll('rect.bar')).toHaveLength(3);
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('10 – 20');
    fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    expect(screen.getAllByRole('row')).toHaveLength(4);
    expect(screen.queryByRole('img')).toBeNull();
  });
  it('survives a constant and an empty column', () => {
    const { container } = render(
      <>
        <Histogram title="same" name="same" bins={{ edges: [5, 5], counts: [9] }} />
        <ColumnPlot rows={3} column={{ name: 'nothing', kind: 'category', missing: 3, distinct: 0, top: [] }} />
      </>,
    );
    expect(container.innerHTML).not.toContain('NaN');
    expect(screen.getByText(/no values to draw/)).toBeTruthy();
  });
  it('marks series by dash as well as by colour', () => {
    const { container } = render(<Curves title="t" how="h" summary="s" name="n" xLabel="x" yLabel="y" curves={[{ name: 'a', xs: [0, 1], ys: [0, 1] }, { name: 'b', xs: [0, 1], ys: [1, 0] }]} />);
    const dashes = [...container.querySelectorAll('path.line')].map((path) => path.getAttribute('stroke-dasharray'));
    expect(new Set(dashes).size).toBe(2);
  });
  it('says by bars at the foot how many rows stand behind each point', () => {
    const { container } = render(<Curves title="t" how="h" summary="s" name="n" xLabel="x" yLabel="y" curves={[{ name: 'a', xs: [0.1, 0.9], ys: [0, 1], counts: [90, 1] }]} />);
    const heights = [...container.querySelectorAll('rect.bar')].map((bar) => Number(bar.getAttribute('height')));
    expect(heights[0]).toBeGreaterThan(80 * (heights[1] ?? 1));
    fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    expect(screen.getAllByRole('row').map((row) => row.textContent)).toEqual(['xyrows', '0.1090', '0.911']);
  });
  it('shows the matrix as a real table with counts and shares of the row', () => {
    render(<ConfusionMatrix classes={['no', 'yes']} counts={[[80, 20], [5, 95]]} />);
    const cells = screen.getAllByRole('cell').map((cell) => cell.textContent);
    expect(cells).toEqual(expect.arrayContaining(['8080\u00a0%', '2020\u00a0%', '55\u00a0%', '9595\u00a0%']));
  });
  it('lists the worst mix-ups first and never the right answers', () => {
    const pairs = worstPairs(['a', 'b', 'c'], [[50, 3, 0], [9, 40, 1], [0, 0, 60]]);
    expect(pairs.map((pair) => [pair.real, pair.answered, pair.count])).toEqual([['b', 'a', 9], ['a', 'b', 3], ['b', 'c', 1]]);
  });
  it('draws negative importances without negative widths', () => {
    const { container } = render(<MantineProvider><Importance rows={[{ column: 'x', mean: 0.2, std: 0.05 }, { column: 'y', mean: -0.01, std: 0.02 }]} metric="accuracy" title="t" summary="s" /></MantineProvider>);
    for (const bar of container.querySelectorAll('rect.bar')) expect(Number(bar.getAttribute('width'))).toBeGreaterThan(0);
  });
  it('cuts long labels', () => {
    expect(cut('abcdefgh', 5)).toBe('abcd…');
    expect(cut('abc', 5)).toBe('abc');
  });
});
