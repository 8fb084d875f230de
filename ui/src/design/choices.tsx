// A question with a few answers, each a card with a sentence. Native radio buttons underneath.
import { type ReactNode, useId } from 'react';

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  note?: ReactNode;
}

export function Choices<T extends string>({ legend, hideLegend = false, compact = false, choices, value, onChange }: { legend: string; hideLegend?: boolean; compact?: boolean; choices: Choice<T>[]; value: T; onChange: (value: T) => void }) {
  const name = useId();
  return (
    <fieldset className={compact ? 'choices compact' : 'choices'}>
      <legend className={hideLegend ? 'hidden' : undefined}>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>
            <b>{choice.label}</b>
            {choice.note && <span className="small soft">{choice.note}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
