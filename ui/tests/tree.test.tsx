// A tree as an outline and as rules.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { TreeDrawing } from '../src/api/documents';
import type { Model } from '../src/api/types';
import { answerOf, outline } from '../src/charts/tree';
import { Tree, treeFinding } from '../src/pages/models/tree';

afterEach(() => vi.unstubAllGlobals());

const TREE: TreeDrawing = {
  tree: 0, trees: 3, answers: 'shares', classes: ['no', 'yes'], more_rules: 1,
  nodes: [
    { id: 0, parent: null, depth: 0, column: 'sex', children: [1, 2], rows: 100, answer: [0.6, 0.4], cut: false },
    { id: 1, parent: 0, depth: 1, condition: { column: 'sex', text: 'sex is <b>male</b>' }, rows: 65, answer: [0.8, 0.2], cut: true },
    { id: 2, parent: 0, depth: 1, condition: { column: 'sex', text: 'sex is female' }, column: 'age', children: [3, 4], rows: 35, answer: [0.25, 0.75], cut: false },
    { id: 3, parent: 2, depth: 2, condition: { column: 'age', text: 'age ≤ 12' }, rows: 5, answer: [0, 1], cut: false },
    { id: 4, parent: 2, depth: 2, condition: { column: 'age', text: 'age > 12' }, rows: 30, answer: [0.3, 0.7], cut: false },
  ],
  rules: [{ node: 4, text: 'sex is female and age > 12', rows: 30, answer: [0.3, 0.7] }],
};

it('places stand below the question they hang on, whatever their order', () => {
  expect(outline([...TREE.nodes].reverse()).map((node) => node.id)).toEqual([0, 1, 2, 3, 4]);
  expect(outline([])).toEqual([]);
});

it('a place answers with its likeliest class, its number, or what it adds', () => {
  expect(answerOf({ answer: [0.25, 0.75] }, TREE)).toBe('yes 75\u00a0%');
  expect(answerOf({ answer: [12.5] }, { answers: 'value' })).toBe('12.5');
  expect([answerOf({ answer: [0.5] }, { answers: 'score' }), answerOf({ answer: [-0.5] }, { answers: 'score' })]).toEqual(['+0.500', '−0.500']);
  expect(answerOf({ answer: null }, TREE)).toBe('–');
});

it('the first question is the finding, and a tree without any says so', () => {
  expect(treeFinding(TREE)).toBe('It asks about sex first');
  expect(treeFinding({ ...TREE, nodes: [{ id: 0, depth: 0, cut: false }] })).toMatch(/asks nothing/);
});

it('is asked for when somebody wants it, another tree too; drawn, as a table, and as rules', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    return new Response(JSON.stringify(TREE));
  });
  const { container } = render(<MantineProvider><QueryClientProvider client={new QueryClient()}><Tree model={{ id: 'm', algorithm: 'random_forest' } as Model} /></QueryClientProvider></MantineProvider>);
  expect(asked).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Draw the tree' }));
  await screen.findByRole('img', { name: /A tree of 5 places/ });
  expect(container.querySelectorAll('figure circle')).toHaveLength(5);
  expect(container.querySelectorAll('figure b')).toHaveLength(0);
  fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
  expect([...container.querySelectorAll('tbody tr')].map((row) => row.textContent)).toContain('2age ≤ 125yes 100\u00a0%');
  expect(screen.getByText('1 more are not listed.')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Which tree'), { target: { value: '2' } });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked).toEqual(['/api/v1/models/m/tree?tree=0&depth=4', '/api/v1/models/m/tree?tree=2&depth=4']);
});
