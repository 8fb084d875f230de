// A picture on its way to a model: strokes of a pen, or a file. What a page keeps of it, and what is sent.
import type { PictureInput } from '../../api/types';

/** Width and height of what is drawn on, in the unit of the points. */
export const SIDE = 280;
/** Width of the pen in the same unit. */
export const PEN = 20;
/** As much of a file as the server reads. */
export const MOST_BYTES = 10 * 1024 * 1024;

export type Point = [number, number];
export type Given = { kind: 'drawing'; strokes: Point[][] } | { kind: 'file'; file: File };

export const NOTHING: Given = { kind: 'drawing', strokes: [] };

/** The body of the request: a file goes as it is, strokes as JSON. */
export function bodyOf(given: Given): Blob | PictureInput {
  return given.kind === 'file' ? given.file : { drawing: { width: SIDE, height: SIDE, pen: PEN, strokes: given.strokes } };
}

/** Says whether two are the same picture, as far as one can tell without reading a file. */
export function keyOf(given: Given): string {
  return given.kind === 'file' ? `file ${given.file.name} ${given.file.size} ${given.file.lastModified}` : JSON.stringify(given.strokes);
}

export function isEmpty(given: Given): boolean {
  return given.kind === 'file' ? given.file.size === 0 : given.strokes.length === 0;
}

/** The place under a pointer in the unit of the points, never off the canvas. */
export function pointAt(event: { clientX: number; clientY: number }, box: { left: number; top: number; width: number; height: number }): Point {
  const inside = (value: number) => Math.round(Math.min(SIDE, Math.max(0, value)) * 10) / 10;
  return [inside(((event.clientX - box.left) / Math.max(1, box.width)) * SIDE), inside(((event.clientY - box.top) / Math.max(1, box.height)) * SIDE)];
}

/** Adds a point to the last stroke, unless the pen has hardly moved. */
export function drawnOn(strokes: Point[][], point: Point): Point[][] {
  const last = strokes[strokes.length - 1];
  if (!last) return [[point]];
  const before = last[last.length - 1];
  if (before && Math.hypot(point[0] - before[0], point[1] - before[1]) < 1.5) return strokes;
  return [...strokes.slice(0, -1), [...last, point]];
}

/** A stroke as the path of an SVG; a single point becomes a dot, since round ends are drawn around nothing too. */
export function pathOf(stroke: Point[]): string {
  const [first, ...rest] = stroke;
  if (!first) return '';
  return `M${first.join(' ')}${rest.length === 0 ? 'h0.01' : rest.map((point) => `L${point.join(' ')}`).join('')}`;
}

/** The first picture among files that were dropped or pasted; any file, where none says that it is one. */
export function pictureAmong(files: Iterable<File> | undefined): File | null {
  const list = [...(files ?? [])];
  return list.find((file) => file.type.startsWith('image/')) ?? list[0] ?? null;
}
