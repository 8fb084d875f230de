// The bodies of /api/v1 that the pages read. Names and shapes are the server's.

export type Kind = 'integer' | 'number' | 'boolean' | 'date' | 'category' | 'text' | 'identifier';
export type Task = 'classification' | 'regression';
export type Cell = string | number | boolean | null;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface User {
  id: string;
  number: number;
  user_name: string | null;
  email: string | null;
  display_name?: string | null;
  role: string;
  tokens: number;
  created_at?: string;
}

export interface Session {
  expires_in: number;
  user: User;
}

export interface Setup {
  needed: boolean;
  registration_open: boolean;
}

export interface PublicSettings {
  registration_open: boolean;
  prices: { train: number; predict: number };
  limits: { upload_bytes: number };
  version: string;
}

export interface LedgerEntry {
  id: string | number;
  at: string;
  delta: number;
  reason: string;
  reference: string | null;
  balance_after: number;
}

export interface Tokens {
  balance: number;
  entries: Page<LedgerEntry>;
  prices: { train: number; predict: number };
}

export interface Failure {
  code: string;
  detail: string;
}

export interface Dataset {
  id: string;
  number: number;
  name: string;
  file_name: string | null;
  status: 'profiling' | 'ready' | 'failed';
  rows: number | null;
  columns: number | null;
  bytes: number | null;
  format: string | null;
  error: Failure | null;
  job_id: string | null;
  models: number;
  created_at: string;
  suggested_target: string | null;
}

export interface Accepted {
  id: string;
  name: string;
  job_id: string;
}

export interface Preview {
  format: string;
  delimiter: string | null;
  encoding: string | null;
  decimal: string | null;
  header: boolean;
  columns: { name: string; kind: Kind; notes?: string[] }[];
  rows: Cell[][];
  notes: (string | { code?: string; detail: string })[];
}

export interface Histogram {
  edges: number[];
  counts: number[];
}

export interface ColumnProfile {
  name: string;
  kind: Kind;
  missing: number;
  distinct: number;
  min?: number | null;
  max?: number | null;
  mean?: number | null;
  std?: number | null;
  quartiles?: [number, number, number] | null;
  histogram?: Histogram | null;
  top?: { value: string; count: number }[] | null;
  other?: number | null;
  labels?: [string, string] | null;
  association?: { target: string; value: number; method: string } | null;
}

export interface Warning {
  code: string;
  column: string | null;
  detail: string;
  action?: string | null;
}

export interface Profile {
  rows: number;
  duplicate_rows?: number;
  columns: ColumnProfile[];
  correlations?: { a: string; b: string; value: number; method?: string }[] | { columns: string[]; values: (number | null)[][] };
  warnings: Warning[];
  suggested_target: string | null;
}

export interface Rows {
  columns: { name: string; kind: Kind }[];
  rows: Cell[][];
  total: number;
}

export interface Sample {
  name: string;
  title: string;
  description: string;
  rows: number;
  columns: number;
  task: Task;
  target: string;
  source?: string;
}

export interface Param {
  name: string;
  /** One kind or several: `integer`, `number`, `boolean`, `choice`, joined by `|`. */
  type: string;
  min?: number | null;
  max?: number | null;
  default: Cell;
  log?: boolean;
  nullable?: boolean;
  choices?: Cell[] | null;
  /** What is allowed, in words. */
  allowed?: string;
  doc: string;
  tasks?: Task[];
}

export interface Algorithm {
  name: string;
  title: string;
  doc: string;
  tasks: Task[];
  params: Param[];
}

export interface Metric {
  value: number;
  low?: number | null;
  high?: number | null;
  baseline?: number | null;
}

export interface SignatureColumn {
  name: string;
  kind: Kind;
  range?: [number, number] | null;
  typical?: Cell;
  p5?: number | null;
  p95?: number | null;
  values?: string[] | null;
  required?: boolean;
}

export interface Model {
  id: string;
  number: number;
  name: string;
  version: number;
  status: 'queued' | 'training' | 'running' | 'ready' | 'failed' | 'cancelled';
  task: Task | null;
  algorithm: string;
  dataset_id: string | null;
  dataset_name: string | null;
  target: string;
  created_at: string;
  finished_at: string | null;
  metrics?: Record<string, Metric> | null;
  classes?: string[] | null;
  signature?: SignatureColumn[] | null;
  seed?: number;
  params?: Record<string, Cell>;
  features?: string[] | null;
  test_size?: number;
  folds?: number;
  error?: Failure | null;
  job_id?: string | null;
  fit_seconds?: number | null;
  bytes?: number | null;
  verdict?: string | null;
}

export interface TrainRequest {
  dataset_id: string;
  target: string;
  task: 'auto' | Task;
  algorithm: string;
  effort?: string;
  metric?: string;
  positive_class?: string;
  params?: Record<string, Cell>;
  features?: string[] | null;
  test_size?: number;
  folds?: number;
  seed?: number;
  name?: string;
}

export interface TrainAccepted extends Accepted {
  number: number;
  version: number;
  charged: number;
  balance: number;
}

export interface Contender {
  algorithm: string;
  title: string;
  status?: 'waiting' | 'running' | 'done' | 'failed';
  metric: string | null;
  value: number | null;
  low?: number | null;
  high?: number | null;
  seconds?: number | null;
  fit_seconds?: number | null;
  chosen: boolean;
  baseline?: boolean;
  error?: string | null;
}

export interface Progress {
  stage: 'queued' | 'reading' | 'preparing' | 'training' | 'testing' | 'saving' | 'done';
  done: number;
  of: number;
  message?: string | null;
  contenders?: Contender[];
}

export interface Job {
  id: string;
  kind: string;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: Progress | null;
  attempt: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  result: { kind: 'model' | 'dataset'; id: string } | null;
  error: Failure | null;
  max_attempts?: number;
  cancelable?: boolean;
}

export interface PredictionWarning {
  column: string;
  code: string;
  detail: string;
}

export interface Prediction {
  value: Cell;
  probabilities?: Record<string, number> | null;
  warnings?: PredictionWarning[];
}

export interface Predictions {
  id: string;
  predictions: Prediction[];
  charged: number;
  balance: number;
}

export interface Curve {
  class: string;
  thresholds?: (number | null)[];
}
export interface RocCurve extends Curve {
  auc: number;
  fpr: number[];
  tpr: number[];
}
export interface PrCurve extends Curve {
  ap: number;
  recall: number[];
  precision: number[];
}

export interface Report {
  task: Task;
  target?: string;
  algorithm?: string;
  algorithm_title?: string;
  main_metric?: string;
  classes: string[] | null;
  positive_class: string | null;
  rows: { train: number; test: number; dropped: number };
  folds: { count: number; metrics: Record<string, { mean: number; std: number; values: number[] }> } | null;
  metrics: Record<string, Metric>;
  per_class?: { class: string; precision: number; recall: number; f1: number; support: number }[] | null;
  confusion_matrix?: { classes: string[]; counts: number[][] } | null;
  roc?: RocCurve[] | null;
  pr?: PrCurve[] | null;
  calibration?: { class: string; bins: { predicted: number; observed: number; count: number }[] }[] | null;
  threshold_sweep?: { thresholds: number[]; precision: number[]; recall: number[]; f1: number[]; accuracy: number[] } | null;
  residuals?: { sample: { actual: number; predicted: number }[]; histogram: Histogram } | null;
  importance?: { column: string; mean: number; std: number }[] | null;
  contenders?: (Contender & { params?: Record<string, Cell> })[] | null;
  preparation?: { column: string; kind: string; steps: string[]; used: boolean; note: string | null }[] | null;
  warnings?: Warning[];
  verdict: string;
  lineage?: { data_hash: string; seed: number; version: string; kernel?: string; fit_seconds: number };
}
