// What can be taken away from a model: its report as a page or as numbers, and the model itself as a file.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Model } from '../../api/types';
import { t } from '../../app/t';
import { save } from '../../charts/export';
import { ErrorPanel, Panel } from '../../design/parts';

const WAYS = {
  report: { path: 'report', format: 'html', ending: 'html' },
  json: { path: 'report', format: 'json', ending: 'json' },
  model: { path: 'export', format: 'trainyard', ending: 'tym' },
  onnx: { path: 'export', format: 'onnx', ending: 'onnx' },
} as const;
type Way = keyof typeof WAYS;

/** A name any file system takes. */
export function fileName(model: Pick<Model, 'name' | 'version'>, ending: string): string {
  const plain = model.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[._]+/, '').slice(0, 80) || 'model';
  return `${plain}-v${model.version}.${ending}`;
}

export function Take({ model, reported }: { model: Model; reported: boolean }) {
  const take = useMutation({
    mutationFn: async (way: Way) => {
      const { path, format, ending } = WAYS[way];
      save(fileName(model, ending), await get<Blob>(`/models/${model.id}/${path}`, { query: { format }, headers: { Accept: '*/*' }, as: 'blob' }));
    },
  });
  const ways: Way[] = reported ? ['report', 'json', 'model', 'onnx'] : ['model', 'onnx'];
  return (
    <Panel title={t('take.title')}>
      <div className="stack">
        <div className="row">{ways.map((way) => <Button key={way} variant="default" loading={take.isPending && take.variables === way} onClick={() => take.mutate(way)}>{t(`take.${way}`)}</Button>)}</div>
        {take.error && <ErrorPanel error={take.error} />}
        <p className="small soft">{t('take.note')}</p>
      </div>
    </Panel>
  );
}
