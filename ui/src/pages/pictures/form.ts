// Whether a model or a table is about pictures, and what the rows of such a table look like.
import type { Model, Rows } from '../../api/types';

export interface Shape {
  height: number;
  width: number;
  content: 'ink' | 'scene';
}

const PIXEL = /^pixel_(\d+)_(\d+)$/;

/** How the columns of a model make pictures; null for a model of tables. A shared model hides its request, not its columns. */
export function shapeOf(model: Partial<Pick<Model, 'request' | 'signature'>>): Shape | null {
  const said = (model.request as { pictures?: Partial<Shape> | null } | null | undefined)?.pictures;
  if (said && typeof said.height === 'number' && typeof said.width === 'number') return { height: said.height, width: said.width, content: said.content === 'scene' ? 'scene' : 'ink' };
  const last = PIXEL.exec(model.signature?.[(model.signature?.length ?? 0) - 1]?.name ?? '');
  if (!last || !model.signature?.every((column) => PIXEL.test(column.name))) return null;
  return { height: Number(last[1]) + 1, width: Number(last[2]) + 1, content: 'ink' };
}

export interface Shown {
  label: string;
  /** Row by row from the top left, each 0 to 255. */
  pixels: Uint8ClampedArray;
}

/** The pictures of some rows; a pixel without a value is black. */
export function picturesOf(rows: Rows, shape: Shape): Shown[] {
  const label = rows.columns.findIndex((column) => !PIXEL.test(column.name));
  const places = rows.columns.flatMap((column, index) => {
    const place = PIXEL.exec(column.name);
    return place ? [{ index, at: Number(place[1]) * shape.width + Number(place[2]) }] : [];
  });
  return rows.rows.map((cells) => {
    const pixels = new Uint8ClampedArray(shape.height * shape.width);
    for (const { index, at } of places) {
      const value = Number(cells[index] ?? 0);
      if (at < pixels.length) pixels[at] = Number.isFinite(value) ? value : 0;
    }
    return { label: String(cells[label] ?? ''), pixels };
  });
}
