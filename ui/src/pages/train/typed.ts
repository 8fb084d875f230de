// What people write into a field for a parameter.
import type { Param, Setting } from '../../api/types';

/** What was typed, as the server wants it: a number where it is one, `none` where that is allowed, else a word. What
 * makes no sense goes as it is, for the server to say what it wants. */
export function typedValue(text: string, param: Param): Setting | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (param.nullable && /^(none|null)$/i.test(trimmed)) return null;
  if (param.type.includes('boolean') && /^(true|false)$/.test(trimmed)) return trimmed === 'true';
  if (param.type.split('|').includes('integers')) return wholeNumbers(trimmed) ?? trimmed;
  const number = Number(trimmed);
  return Number.isFinite(number) && /integer|number|float/.test(param.type) ? number : trimmed;
}

/** "64, 64", "[64, 64]" or "64 64" → [64, 64]. */
function wholeNumbers(text: string): number[] | null {
  const parts = text.replace(/^[[(]|[\])]$/g, '').trim().replace(/,$/, '').split(/\s*,\s*|\s+/);
  return parts.every((part) => /^-?\d+$/.test(part)) ? parts.map(Number) : null;
}
