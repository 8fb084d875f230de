// Pictures on their way to a model, and back out of a table.
import { describe, expect, it } from 'vitest';
import type { Model, Rows } from '../src/api/types';
import { pictureSnippet } from '../src/pages/models/picture-snippets';
import { picturesOf, shapeOf } from '../src/pages/pictures/form';
import { bodyOf, drawnOn, isEmpty, keyOf, NOTHING, pathOf, pictureAmong, pointAt, type Point } from '../src/pages/pictures/given';
import { sizeOf } from '../src/pages/pictures/read';

const model = (names: string[], request?: object) => ({ request, signature: names.map((name) => ({ name, kind: 'integer', typical: 0, required: false })) }) as unknown as Pick<Model, 'request' | 'signature'>;

describe('a drawing', () => {
  it('is measured on the canvas, whatever its size on the screen, and never leaves it', () => {
    const box = { left: 10, top: 20, width: 140, height: 140 };
    expect(pointAt({ clientX: 80, clientY: 90 }, box)).toEqual([140, 140]);
    expect(pointAt({ clientX: -50, clientY: 900 }, box)).toEqual([0, 280]);
    expect(pointAt({ clientX: 10, clientY: 20 }, { ...box, width: 0 })).toEqual([0, 0]);
  });
  it('keeps points that lie apart, each in the stroke drawn last', () => {
    const strokes: Point[][] = [[[1, 1]], [[50, 50]]];
    expect(drawnOn(strokes, [50.5, 50.5])).toBe(strokes);
    expect(drawnOn(strokes, [60, 50])).toEqual([[[1, 1]], [[50, 50], [60, 50]]]);
    expect(drawnOn([], [3, 4])).toEqual([[[3, 4]]]);
  });
  it('draws a dot where the pen only touched', () => {
    expect([pathOf([[5, 6]]), pathOf([[1, 2], [3, 4]]), pathOf([])]).toEqual(['M5 6h0.01', 'M1 2L3 4', '']);
  });
  it('goes as strokes, a file as it is', () => {
    expect(bodyOf({ kind: 'drawing', strokes: [[[1, 2]]] })).toEqual({ drawing: { width: 280, height: 280, pen: 20, strokes: [[[1, 2]]] } });
    const file = new File(['x'], 'a.png');
    expect(bodyOf({ kind: 'file', file })).toBe(file);
    expect([isEmpty(NOTHING), isEmpty({ kind: 'file', file })]).toEqual([true, false]);
    expect(keyOf({ kind: 'drawing', strokes: [[[1, 2]]] })).not.toBe(keyOf({ kind: 'drawing', strokes: [[[1, 3]]] }));
  });
});

describe('what is dropped', () => {
  it('is the first picture among the files', () => {
    const [text, picture] = [new File(['a'], 'a.txt', { type: 'text/plain' }), new File(['b'], 'b.png', { type: 'image/png' })];
    expect(pictureAmong([text, picture])).toBe(picture);
    expect(pictureAmong([text])).toBe(text);
    expect([pictureAmong([]), pictureAmong(undefined)]).toEqual([null, null]);
  });
});

describe('a model of pictures', () => {
  it('is told by its request, or by its columns where that is hidden', () => {
    expect(shapeOf(model([], { pictures: { height: 8, width: 6, content: 'scene' } }))).toEqual({ height: 8, width: 6, content: 'scene' });
    expect(shapeOf(model(['pixel_0_0', 'pixel_0_1', 'pixel_1_0', 'pixel_1_1']))).toEqual({ height: 2, width: 2, content: 'ink' });
    expect([shapeOf(model(['age', 'pixel_0_0'])), shapeOf(model([])), shapeOf({})]).toEqual([null, null, null]);
  });
  it('has its pictures row by row, wherever the columns stand', () => {
    const rows = { columns: [{ name: 'label' }, { name: 'pixel_1_0' }, { name: 'pixel_0_1' }, { name: 'pixel_0_0' }], rows: [['<b>', 30, 20, 10], ['x', null, 'dark', 900]] } as unknown as Rows;
    const [first, second] = picturesOf(rows, { height: 2, width: 2, content: 'ink' });
    expect([first?.label, [...(first?.pixels ?? [])]]).toEqual(['<b>', [10, 20, 30, 0]]);
    expect([...(second?.pixels ?? [])]).toEqual([255, 0, 0, 0]);
  });
  it('is asked with a file in every language', () => {
    for (const language of ['curl', 'python', 'javascript', 'rust'] as const) {
      const text = pictureSnippet(language, 'http://here', 'an-id');
      expect(text).toContain(language === 'curl' ? 'http://here/api/v1/models/an-id/pictures' : '/models/an-id/pictures');
      expect(text).toContain('picture.png');
    }
  });
});

describe('what the model saw', () => {
  it('says its size', () => {
    const head = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 28, 0, 0, 1, 0];
    expect(sizeOf(btoa(String.fromCharCode(...head)))).toBe('28 × 256');
  });
});
