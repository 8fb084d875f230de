// One hyperparameter, drawn from what the server says about it.
import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { Cell, Param } from '../../api/types';
import { number } from '../../app/format';
import { t } from '../../app/t';

interface Props {
  param: Param;
  /** undefined: as the server has it by default. */
  value: Cell | undefined;
  onValue: (value: Cell | undefined) => void;
  error?: string;
}

/** "n_estimators" → "n estimators": the field's own word, legible. */
function label(name: string): string {
  return name.replaceAll('_', ' ');
}

function shown(value: Cell): string {
  return value === null ? t('train.param.none') : typeof value === 'number' ? number(value) : String(value);
}

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

export function ParamField({ param, value, onValue, error }: Props) {
  const range = param.min !== null && param.min !== undefined && param.max !== null && param.max !== undefined ? t('train.param.range', { min: shown(param.min), max: shown(param.max) }) : null;
  const hint = [param.doc, [range, t('train.param.default', { value: shown(param.default) })].filter(Boolean).join(', ')].filter(Boolean).join(' · ');
  const shared = { label: label(param.name), description: hint, error, inputWrapperOrder: ORDER };
  if (param.choices && param.choices.length > 0) {
    const choices = param.nullable && !param.choices.includes(null) ? [...param.choices, null] : param.choices;
    const current = value === undefined ? param.default : value;
    return <NativeSelect {...shared} value={String(current)} data={choices.map((choice) => ({ value: String(choice), label: shown(choice) }))} onChange={(event) => onValue(choices.find((choice) => String(choice) === event.currentTarget.value) ?? null)} />;
  }
  if (param.type === 'boolean') {
    return <Checkbox label={label(param.name)} description={hint} error={error} checked={Boolean(value === undefined ? param.default : value)} onChange={(event) => onValue(event.currentTarget.checked)} />;
  }
  if (param.type === 'integer' || param.type === 'number' || param.type === 'float') {
    return (
      <NumberInput
        {...shared}
        placeholder={shown(param.default)}
        value={typeof value === 'number' ? value : ''}
        min={param.min ?? undefined}
        max={param.max ?? undefined}
        clampBehavior="none"
        allowDecimal={param.type !== 'integer'}
        onChange={(next) => onValue(typeof next === 'number' ? next : undefined)}
      />
    );
  }
  return <TextInput {...shared} placeholder={shown(param.default)} value={value === undefined || value === null ? '' : String(value)} onChange={(event) => onValue(event.currentTarget.value || undefined)} />;
}
