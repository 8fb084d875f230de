// Short names for the bodies of /api/v1. The shapes are those of schema.ts, which is made from the server's
// OpenAPI document; this file adds only what that document says in words: which texts a status can be, and
// that a value is a number, a text, yes or no, or nothing.
import type { RocCurve } from './documents';
import type { components } from './schema';

export type * from './documents';

type Schemas = components['schemas'];
/** A schema with some members said more narrowly. Only members that are there can be named. */
type Narrow<Base, Said extends { [Name in keyof Said]: Name extends keyof Base ? unknown : never }> = Omit<Base, keyof Said> & Said;

export type Kind = 'integer' | 'number' | 'boolean' | 'date' | 'category' | 'text' | 'identifier';
export type Task = 'classification' | 'regression';
export type Cell = string | number | boolean | null;
/** A value of a parameter: whole numbers in a row are given as such. */
export type Setting = Cell | number[];

export type Page<Item> = { items: Item[]; next_cursor?: string | null };
export type User = Schemas['User'];
export type Session = Schemas['SessionBody'];
export type Setup = Schemas['SetupState'];
export type SetupRequest = Schemas['SetupRequest'];
export type RegisterRequest = Schemas['RegisterRequest'];
export type LoginRequest = Schemas['LoginRequest'];
export type Storage = Schemas['Storage'];
export type ChangeMe = Schemas['ChangeMe'];
export type RenameRequest = Schemas['Rename'];
export type PublicSettings = Schemas['PublicSettings'];
export type LedgerEntry = Schemas['LedgerEntry'];
export type Tokens = Schemas['TokensBody'];
export type ChangePassword = Schemas['ChangePassword'];
export type DeleteMe = Schemas['DeleteMe'];
export type ResetRequest = Schemas['ResetRequest'];
export type ApiKey = Schemas['ApiKey'];
export type MadeKey = Schemas['MadeKeyBody'];
export type NewKeyRequest = Schemas['NewKeyRequest'];
export type Account = Schemas['Account'];
export type NewAccountRequest = Schemas['NewAccountRequest'];
export type MadeAccount = Schemas['MadeAccountBody'];
export type ChangeAccount = Schemas['ChangeAccount'];
export type NewPasswordRequest = Schemas['NewPasswordRequest'];
export type NewPassword = Schemas['NewPasswordBody'];
export type GrantRequest = Schemas['GrantRequest'];
export type Grant = Schemas['GrantBody'];
export type Stock = Schemas['Stock'];
export type Statistics = Schemas['Statistics'];
export type Period = Schemas['Period'];
/** A day in UTC: what was asked and spent in it. */
export type DayStatistics = Schemas['Day'];
export type Spender = Schemas['Spender'];
export type StatisticsDays = Schemas['DailyUse'];
export type AuditChain = Schemas['AuditChain'];
/** The document only says that details are an object. */
export type AuditEvent = Narrow<Schemas['AuditEvent'], { details: unknown }>;
/** A number, yes and no, or a text, by its kind. */
export type ServerSetting = Narrow<Schemas['Setting'], { value: number | boolean | string; default: number | boolean | string; kind: 'integer' | 'boolean' | 'text' }>;
/** What is set where the server is started. */
export type ServerFacts = Schemas['ServerFacts'];
export type ServerSettings = { items: ServerSetting[]; server: ServerFacts };
export type Owner = Schemas['Owner'];
export type Failure = Schemas['Failure'];
export type FieldProblem = Schemas['FieldProblem'];
export type Metric = Schemas['Metric'];
export type TrainAccepted = Schemas['TrainAccepted'];
export type PredictionWarning = Schemas['PredictionWarning'];

/** A revision for each time the upload was read. */
export type Dataset = Narrow<Schemas['Dataset'], { status: 'profiling' | 'ready' | 'failed' }>;
/** `positions` say where each row stands in the whole table, from 0. */
export type Rows = Narrow<Schemas['Rows'], { columns: Column[]; rows: Cell[][] }>;
/** Some rows, wherever they come from. */
export type SomeRows = Pick<Rows, 'columns' | 'rows'>;
export type Column = Narrow<Schemas['Column'], { kind: Kind }>;
/** How an upload is read; what nobody chose is null, or not there at all, and found by looking. */
export type ReadSettings = Schemas['ReadingSettings'];
export type TableSchema = Narrow<Schemas['DatasetSchema'], { columns: { name: string; kind: Kind; set: boolean }[] }>;
export type ReadAgain = Narrow<Schemas['SchemaChange'], { kinds?: Record<string, Kind | null> | null }>;
export type Sample = Narrow<Schemas['Sample'], { task: Task }>;
export type Param = Narrow<Schemas['Param'], { tasks: Task[]; default: Setting; min?: number | null; max?: number | null }>;
export type Algorithm = Narrow<Schemas['Algorithm'], { tasks: Task[]; params: Param[] }>;
export type SignatureColumn = Narrow<Schemas['SignatureField'], { kind: Kind; typical: Cell; range?: [number, number] | null }>;
type ModelWords = { visibility: Visibility; status: 'queued' | 'training' | 'ready' | 'failed' | 'cancelled'; task?: Task | null };
/** A model in a list: without its settings and signature. */
export type ModelSummary = Narrow<Schemas['ModelSummary'], ModelWords>;
export type Model = Narrow<Schemas['Model'], ModelWords & { signature?: SignatureColumn[] | null; params: Record<string, Setting> }>;
export type ChangeModel = Narrow<Schemas['ChangeModel'], { visibility?: Visibility | null }>;
export type Visibility = 'private' | 'signed-in' | 'guest';
export type GuestModel = Narrow<Schemas['GuestModel'], { signature?: SignatureColumn[] | null; task?: Task | null }>;
type Search = Narrow<Schemas['Search'], { method?: SearchMethod | null; space?: Space | null }>;
export type TrainRequest = Narrow<Schemas['TrainBody'], { task?: 'auto' | Task | null; params?: Record<string, Setting> | null; search?: Search | null }>;
export type Contender = Narrow<Schemas['Contender'], { status: 'waiting' | 'running' | 'done' | 'failed' }>;
type Stage = 'queued' | 'reading' | 'preparing' | 'training' | 'testing' | 'predicting' | 'saving' | 'done';
/** Every member is always sent; the document calls them optional because old jobs may be stored without. */
export type Progress = Required<Narrow<Schemas['Progress'], { stage?: Stage; contenders?: Contender[] }>>;
export type JobKind = 'profile' | 'train' | 'compare' | 'study' | 'check' | 'batch';
/** What a job made; a check makes nothing of its own. */
export type JobResult = Narrow<Schemas['JobResult'], { kind: 'model' | 'dataset' | 'comparison' | 'study' | 'batch' }>;
export type JobStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type Job = Narrow<Schemas['Job'], { kind: JobKind; status: JobStatus; progress: Progress; result?: JobResult | null }>;
export type PredictRequest = Narrow<Schemas['PredictBody'], { rows: Record<string, Cell>[] }>;
export type Reason = Narrow<Schemas['Reason'], { value: Cell }>;
/** Why a row is answered as it is: what is answered when nothing is known, and how much each column adds to it. */
export type Explanation = Narrow<Schemas['Explanation'], { method: 'trees' | 'linear' | 'sampled'; scale: 'probability' | 'log_odds' | 'class_scores' | 'number' | 'log_number'; reasons: Reason[] }>;
export type WhatIfCurve = Narrow<Schemas['Curve'], { grid: Cell[] }>;
export type Prediction = Narrow<Schemas['Prediction'], { value: Cell; explanation?: Explanation | null; what_if?: WhatIfCurve[] | null }>;
export type GuestPredictRequest = Narrow<Schemas['GuestPredictBody'], { rows: Record<string, Cell>[] }>;
export type GuestPredictions = Narrow<Schemas['GuestPredictionsBody'], { predictions: Prediction[] }>;
export type Owned<Item> = Item & { owner?: Owner | null };
export type Predictions = Narrow<Schemas['PredictionsBody'], { predictions: Prediction[] }>;

export type Drawing = Narrow<Schemas['Drawing'], { strokes: [number, number][][] }>;
export type PictureInput = Narrow<Schemas['PictureInput'], { drawing?: Drawing | null }>;
export type PictureAnswer = Narrow<Schemas['PictureAnswer'], { value: Cell; alternatives: { value: Cell; confidence: number }[] }>;
export type PicturePrediction = Narrow<Schemas['PicturePrediction'], { prediction: PictureAnswer }>;
export type GuestPicturePrediction = Narrow<Schemas['GuestPicturePrediction'], { prediction: PictureAnswer }>;
export type DigitModel = Narrow<Schemas['DigitModel'], { status: ModelWords['status'] }>;
/** The document only says that progress is an object; it is that of a job. */
export type DigitsStatus = Narrow<Schemas['DigitsStatus'], { status: 'ready' | 'preparing' | 'failed' | 'off'; model?: DigitModel | null; progress?: Partial<Progress> | null }>;
export type DigitTraining = Schemas['DigitTraining'];
export type DigitChoice = Schemas['DigitChoice'];

export type Estimate = Schemas['Estimate'];
export type Alias = Schemas['Alias'];
export type Lineage = Narrow<Schemas['Lineage'], { request: unknown }>;
export type CheckAccepted = Schemas['CheckAccepted'];
type Range = { low: number; high: number; log?: boolean; steps?: number };
/** What a parameter may be while somebody looks for the best: some values, or anything between two. */
export type Space = Record<string, Setting[] | Range>;
export type SearchMethod = 'grid' | 'random' | 'bayesian';
export type BeginStudy = Narrow<Schemas['BeginStudy'], { params?: Record<string, Setting> | null; search: Search; task?: 'auto' | Task | null }>;
export type StudyStatus = 'queued' | 'running' | 'done' | 'saved' | 'reverted' | 'failed' | 'cancelled';
export type Study = Narrow<Schemas['Study'], { status: StudyStatus; method: SearchMethod; request: unknown; best?: Narrow<Schemas['BestTrial'], { params: Record<string, Setting> }> | null }>;
export type StudyAccepted = Study & { charged: number; balance: number };
export type SaveStudy = Schemas['SaveStudy'];
export type Trial = Narrow<Schemas['TriedBody'], { params: Record<string, Setting> }> & { number: number };
export type CompareTrain = Narrow<Schemas['CompareTrainBody'], { task?: 'auto' | Task | null }>;
export type CompareAccepted = Schemas['CompareAccepted'];
export type Comparison = Narrow<Schemas['Comparison'], { status: JobStatus; models: ModelSummary[] }>;
/** Curves are those of reports, nothing for a model without. */
export type SideBySide = Narrow<Schemas['SideBySide'], { models: ModelSummary[]; roc: (RocCurve[] | null)[]; differences: { setting: string; values: unknown[] }[] }>;

/** A file that is answered as a job, and where that stands. */
export type Batch = Narrow<Schemas['Batch'], { status: JobStatus; job: Job }>;
export type AcceptedBatch = Batch & { balance: number };
export type Receipt = Narrow<Schemas['Receipt'], { door: 'api' | 'guest' | 'v2'; first_value?: Cell }>;
export type ReceiptDetail = Receipt & { predictions?: Prediction[] | null; truth?: Cell[] | null };
/** One value a row, or the value alone of a prediction of one row. */
export type TruthRequest = { truth: Cell | Cell[] };
export type TruthsRequest = { truths: { id: string; truth: Cell | Cell[] }[] };
export type Accuracy = Schemas['Accuracy'];
export type Drift = Schemas['Drift'];
export type DriftPeriod = Schemas['DriftPeriod'];
export type Shift = Schemas['Shift'];
export type Contract = Narrow<Schemas['Contract'], { columns: ContractColumn[] }>;
export type ContractColumn = Narrow<Schemas['ContractColumn'], { kind: Kind; range?: [number, number] | null }>;
export type ContractChange = Schemas['ContractChange'];
export type Policy = Schemas['Policy'];
