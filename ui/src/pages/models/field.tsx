// One input of the form, chosen by the kind of its column, never by its name.
import { Autocomplete, Input, NumberInput, Slider, TextInput } from '@mantine/core';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import '@mantine/core/styles/Slider.layer.css';
import { useId } from 'react';
import type { SignatureColumn } from '../../api/types';
import { day, number } from '../../app/format';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Icon } from '../../design/icons';
import type { FormValue } from './words';

interface Props {
  column: SignatureColumn;
  value: FormValue;
  onValue: (value: FormValue) => void;
}

export function Field({ column, value, onValue }: Props) {
  switch (column.kind) {
    case 'number':
    case 'integer':
      return <NumberField column={column} value={value} onValue={onValue} />;
    case 'boolean':
      return <YesNo column={column} value={value} onValue={onValue} />;
    case 'date':
      return <DateField column={column} value={value} onValue={onValue} />;
    case 'category':
      return <CategoryField column={column} value={value} onValue={onValue} />;
    default:
      return <TextField column={column} value={value} onValue={onValue} />;
  }
}

/** A step that moves the slider in about a hundred places and writes round numbers. */
export function step(low: number, high: number, whole: boolean): number {
  const span = Math.abs(high - low);
  if (span === 0 || !Number.isFinite(span)) return whole ? 1 : 0.01;
  const rough = 10 ** Math.floor(Math.log10(span / 100));
  const nice = span / 100 / rough >= 5 ? rough * 5 : span / 100 / rough >= 2 ? rough * 2 : rough;
  return whole ? Math.max(1, Math.round(nice)) : nice;
}

function NumberField({ column, value, onValue }: Props) {
  const whole = column.kind === 'integer';
  const low = column.p5 ?? column.range?.[0] ?? null;
  const high = column.p95 ?? column.range?.[1] ?? null;
  const given = typeof value === 'number' ? value : null;
  const outside = given !== null && low !== null && high !== null && (given < low || given > high);
  const by = low !== null && high !== null ? step(low, high, whole) : 1;
  return (
    <div>
      <NumberInput
        label={column.name}
        placeholder={t('try.unset')}
        value={given ?? ''}
        onChange={(next) => onValue(next === '' ? null : Number(next))}
        allowDecimal={!whole}
        step={by}
        hideControls
        inputMode={whole ? 'numeric' : 'decimal'}
        inputWrapperOrder={['label', 'input', 'description']}
        description={outside ? t('try.outside', { low: number(low), high: number(high) }) : undefined}
        descriptionProps={{ style: { color: 'var(--signal)' } }}
      />
      {low !== null && high !== null && low < high && (
        <Slider
          min={low} max={high} step={by} value={Math.min(high, Math.max(low, given ?? (low + high) / 2))} onChange={(next) => onValue(whole ? Math.round(next) : Number(next.toPrecision(6)))}
          label={null} size={4} thumbSize={24} mt={14} thumbLabel={t('try.slider', { name: column.name })} className={given === null ? 'unset' : undefined}
        />
      )}
    </div>
  );
}

/** Several lines of text. The kit's own area brings a second library to grow with its text; this one is as tall as it is. */
function TextField({ column, value, onValue }: Props) {
  const id = useId();
  return (
    <Input.Wrapper id={id} label={column.name} description={t('kind.text')}>
      <Input component="textarea" id={id} multiline rows={2} value={value === null ? '' : String(value)} onChange={(event) => onValue(event.currentTarget.value || null)} />
    </Input.Wrapper>
  );
}

function YesNo({ column, value, onValue }: Props) {
  const labels = column.values?.length === 2 ? column.values : ['no', 'yes'];
  return <div className="yesno"><Choices legend={column.name} choices={labels.map((label) => ({ value: label, label }))} value={value === null ? '' : String(value)} onChange={onValue} /></div>;
}

function DateField({ column, value, onValue }: Props) {
  const range = column.range;
  const seconds = typeof value === 'string' ? Date.parse(`${value}T00:00:00Z`) / 1000 : Number.NaN;
  const outside = range && Number.isFinite(seconds) && (seconds < range[0] || seconds > range[1]);
  return (
    <TextInput
      type="date"
      label={column.name}
      value={value === null ? '' : String(value)}
      onChange={(event) => onValue(event.currentTarget.value || null)}
      inputWrapperOrder={['label', 'input', 'description']}
      description={outside ? t('try.outside', { low: day(range[0]), high: day(range[1]) }) : undefined}
      descriptionProps={{ style: { color: 'var(--signal)' } }}
    />
  );
}

function CategoryField({ column, value, onValue }: Props) {
  const values = column.values ?? [];
  const text = value === null ? '' : String(value);
  return (
    <Autocomplete
      label={column.name}
      placeholder={t('try.unset')}
      data={[...new Set(values)].filter((one) => one !== '')}
      value={text}
      onChange={(next) => onValue(next === '' ? null : next)}
      // An answer already chosen must not hide the others.
      filter={({ options, search }) => (values.includes(search) ? options : options.filter((option) => 'label' in option && option.label.toLowerCase().includes(search.toLowerCase())))}
      limit={200}
      maxDropdownHeight={280}
      openOnFocus={false}
      rightSection={<Icon name="chevron" size={16} />}
      rightSectionPointerEvents="none"
      inputWrapperOrder={['label', 'input', 'description']}
      description={text !== '' && values.length > 0 && !values.includes(text) ? t('try.unknown') : undefined}
      descriptionProps={{ style: { color: 'var(--signal)' } }}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
