// How a file is read as a whole: its sheet, separator, encoding, decimal sign and header. What is not chosen is found by looking.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { get } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { Dataset, ReadAgain, ReadSettings, TableSchema } from '../../api/types';
import { t } from '../../app/t';
import { ErrorPanel, Skeleton } from '../../design/parts';
import { useReadAgain } from './again';

const DELIMITERS = [',', ';', 'tab', '|'] as const;
const NAMES = { ',': 'delimiter.comma', ';': 'delimiter.semicolon', tab: 'delimiter.tab', '|': 'delimiter.pipe' } as const;
const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'];

/** Each reading of the file has a schema of its own: a form over the one before would lose what was just chosen in it. */
export const schemaQuery = ({ id, revision }: Dataset) => ({ queryKey: ['schema', id, revision], queryFn: () => get<TableSchema>(`/datasets/${id}/schema`) });

/** What can be said about a file of this kind. */
export function settingsFor(file: string): (keyof ReadSettings)[] {
  if (/\.(parquet|jsonl|ndjson|json|zip)$/i.test(file)) return [];
  return /\.xlsx$/i.test(file) ? ['sheet', 'header'] : ['delimiter', 'decimal', 'encoding', 'header'];
}

/** Only what differs from how it was read last. */
export function changesTo(before: ReadSettings, now: ReadSettings): ReadAgain {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => (value ?? null) !== (before[name as keyof ReadSettings] ?? null)));
}

export function Reading({ dataset, sheets, onDone }: { dataset: Dataset; sheets: string[]; onDone: () => void }) {
  const schema = useQuery(schemaQuery(dataset));
  if (schema.isPending) return <Skeleton height={200} />;
  if (!schema.data) return <ErrorPanel error={schema.error} onRetry={() => void schema.refetch()} />;
  return <Form key={dataset.revision} dataset={dataset} sheets={sheets} before={schema.data.settings} onDone={onDone} />;
}

function Form({ dataset, sheets, before, onDone }: { dataset: Dataset; sheets: string[]; before: ReadSettings; onDone: () => void }) {
  const [now, setNow] = useState(before);
  const again = useReadAgain(dataset, onDone);
  const problem = again.error ? asProblem(again.error) : null;
  const names = settingsFor(dataset.file_name);
  const changes = changesTo(before, now);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    again.mutate(changes);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p className="soft small">{t('again.lead')}</p>
      <div className="params">
        <ReadingFields names={names} sheets={sheets} now={now} problem={problem} onNow={setNow} />
      </div>
      {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
      <div><Button type="submit" loading={again.isPending} disabled={Object.keys(changes).length === 0}>{t('again.go')}</Button></div>
    </form>
  );
}

interface FieldsProps {
  /** What can be said about this file. */
  names: (keyof ReadSettings)[];
  sheets: string[];
  now: ReadSettings;
  problem: Problem | null;
  onNow: (now: ReadSettings) => void;
}

/** One field for each thing that can be said; empty is “as found by looking”. */
export function ReadingFields({ names, sheets, now, problem, onNow }: FieldsProps) {
  const found = { value: '', label: t('again.found') };
  const choice = (name: keyof ReadSettings, choices: { value: string; label: string }[]) => names.includes(name) && (
    <NativeSelect label={t(`again.${name}`)} value={String(now[name] ?? '')} data={[found, ...choices]} error={problem?.field(`/${name}`)} onChange={({ currentTarget: { value } }) => onNow({ ...now, [name]: value === '' ? null : name === 'header' ? value === 'true' : value })} />
  );
  return (
    <>
      {choice('delimiter', DELIMITERS.map((value) => ({ value, label: t(NAMES[value]) })))}
      {choice('decimal', [{ value: '.', label: t('again.point') }, { value: ',', label: t('delimiter.comma') }])}
      {choice('encoding', ENCODINGS.map((value) => ({ value, label: value.toUpperCase() })))}
      {sheets.length > 1 ? choice('sheet', sheets.map((value) => ({ value, label: value }))) : names.includes('sheet') && (
        <TextInput label={t('again.sheet')} placeholder={t('again.found')} value={now.sheet ?? ''} error={problem?.field('/sheet')} onChange={(event) => onNow({ ...now, sheet: event.currentTarget.value || null })} />
      )}
      {choice('header', [{ value: 'true', label: t('again.headerYes') }, { value: 'false', label: t('again.headerNo') }])}
    </>
  );
}
