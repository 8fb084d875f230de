// One hyperparameter, drawn from what the server says about it.
import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import type { Param, Setting } from '../../api/types';
import { number, setting } from '../../app/format';
import { t } from '../../app/t';
import { typedValue } from './typed';

interface Props {
  param: Param;
  /** undefined: as the server has it by default. */
  value: Setting | undefined;
  onValue: (value: Setting | undefined) => void;
  error?: string;
}

/** "n_estimators" → "n estimators": the field's own word, legible. */
function label(name: string): string {
  return name.replaceAll('_', ' ');
}

function shown(value: Setting): string {
  return typeof value === 'number' ? number(value) : setting(value, t('train.param.none'));
}

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** A largest number that is only the largest there is would be written with three hundred noughts. */
function endless(param: Param): string | null {
  return present(param.min) && present(param.max) && param.max > 1e15 ? t('train.param.from', { min: shown(param.min) }) : null;
}

export function ParamField({ param, value, onValue, error }: Props) {
  const kinds = param.type.split('|');
  const numeric = kinds.some((kind) => kind === 'integer' || kind === 'number' || kind === 'float');
  const choices = param.choices ?? [];
  const range = present(param.min) && present(param.max) ? t('train.param.range', { min: shown(param.min), max: shown(param.max) }) : null;
  const allowed = endless(param) ?? (param.allowed || range);
  const hint = [param.doc, [allowed, t('train.param.default', { value: shown(param.default) })].filter(Boolean).join(', ')].filter(Boolean).join(' · ');
  const shared = { label: label(param.name), description: hint, error, inputWrapperOrder: ORDER };
  if (choices.length > 0 && !numeric) {
    const all: (string | null)[] = param.nullable ? [...choices, null] : choices;
    const current = value === undefined ? param.default : value;
    return <NativeSelect {...shared} value={String(current)} data={all.map((choice) => ({ value: String(choice), label: shown(choice) }))} onChange={(event) => onValue(all.find((choice) => String(choice) === event.currentTarget.value) ?? null)} />;
  }
  if (param.type === 'boolean') {
    return <Checkbox label={label(param.name)} description={hint} error={error} checked={Boolean(value === undefined ? param.default : value)} onChange={(event) => onValue(event.currentTarget.checked)} />;
  }
  if (numeric && kinds.length === 1) {
    return (
      <NumberInput
        {...shared}
        placeholder={shown(param.default)}
        value={typeof value === 'number' ? value : ''}
        min={param.min ?? undefined}
        max={param.max ?? undefined}
        clampBehavior="none"
        allowDecimal={kinds[0] !== 'integer'}
        onChange={(next) => onValue(typeof next === 'number' ? next : undefined)}
      />
    );
  }
  return <WordOrNumber param={param} value={value} onValue={onValue} shared={shared} />;
}

function present(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** For parameters that take a word or a number, or several numbers: a text field that offers the words. */
function WordOrNumber({ param, value, onValue, shared }: Omit<Props, 'error'> & { shared: object }) {
  const id = useId();
  const [text, setText] = useState(value === undefined ? '' : setting(value, 'none'));
  const words = [...(param.choices ?? []).map(String), ...(param.nullable ? ['none'] : [])];
  return (
    <>
      <TextInput
        {...shared}
        list={words.length > 0 ? id : undefined}
        placeholder={shown(param.default)}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onValue(typedValue(event.currentTarget.value, param));
        }}
      />
      {words.length > 0 && <datalist id={id}>{words.map((word) => <option key={word} value={word} />)}</datalist>}
    </>
  );
}
