//! The first schema: every table and column of the data model. Moments are 64-bit microseconds, identifiers
//! are UUIDv7, JSON is text (order and spelling survive, so a stored answer replays byte
//! for byte), enumerations are their names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::clock::Timestamp;
use crate::tables::users::SYSTEM_USER;

pub(super) struct First;

impl MigrationName for First {
    fn name(&self) -> &str {
        "2026_11_21_first"
    }
}

fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

fn uuid(name: &'static str) -> ColumnDef {
    column(name).uuid().not_null().take()
}

fn uuid_null(name: &'static str) -> ColumnDef {
    column(name).uuid().take()
}

fn text(name: &'static str) -> ColumnDef {
    column(name).text().not_null().take()
}

fn text_null(name: &'static str) -> ColumnDef {
    column(name).text().take()
}

fn small(name: &'static str) -> ColumnDef {
    column(name).integer().not_null().take()
}

fn big(name: &'static str) -> ColumnDef {
    column(name).big_integer().not_null().take()
}

fn big_null(name: &'static str) -> ColumnDef {
    column(name).big_integer().take()
}

fn boolean(name: &'static str) -> ColumnDef {
    column(name).boolean().not_null().take()
}

/// JSON stays the text it is.
fn json(name: &'static str) -> ColumnDef {
    text(name)
}

fn json_null(name: &'static str) -> ColumnDef {
    text_null(name)
}

fn double_null(name: &'static str) -> ColumnDef {
    column(name).double().take()
}

fn key(mut definition: ColumnDef) -> ColumnDef {
    definition.primary_key().take()
}

/// A growing number the database gives out, in the order of insertion.
fn counting_key(name: &'static str) -> ColumnDef {
    column(name)
        .big_integer()
        .not_null()
        .auto_increment()
        .primary_key()
        .take()
}

struct Draft {
    name: &'static str,
    columns: Vec<ColumnDef>,
    statement: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

fn table<const N: usize>(name: &'static str, columns: [ColumnDef; N]) -> Draft {
    let mut statement = Table::create();
    statement.table(name);
    Draft {
        name,
        columns: columns.into(),
        statement,
        indexes: Vec::new(),
    }
}

impl Draft {
    fn primary<const N: usize>(mut self, columns: [&'static str; N]) -> Self {
        let mut index = Index::create();
        for column in columns {
            index.col(column);
        }
        self.statement.primary_key(&mut index);
        self
    }

    fn belongs(
        mut self,
        column: &'static str,
        table: &'static str,
        to: &'static str,
        action: ForeignKeyAction,
    ) -> Self {
        self.statement.foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(table, to)
                .on_delete(action),
        );
        self
    }

    fn owned_by(self, column: &'static str) -> Self {
        self.belongs(column, "users", "id", ForeignKeyAction::Cascade)
    }

    fn index<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.indexed(columns, false)
    }

    fn unique<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.indexed(columns, true)
    }

    fn indexed<const N: usize>(mut self, columns: [&'static str; N], unique: bool) -> Self {
        let mut index = Index::create();
        index
            .name(format!("ix_{}_{}", self.name, columns.join("_")))
            .table(self.name);
        for column in columns {
            index.col(column);
        }
        if unique {
            index.unique();
        }
        self.indexes.push(index);
        self
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let server = manager.get_database_backend() == DbBackend::Postgres;
        for mut draft in accounts().into_iter().chain(holdings()).chain(activity()) {
            for mut definition in draft.columns {
                // Texts are ordered by their bytes, as SQLite orders them, whatever the server's language is.
                if server && matches!(definition.get_column_type(), Some(ColumnType::Text)) {
                    definition.extra("COLLATE \"C\"");
                }
                draft.statement.col(definition);
            }
            manager.create_table(draft.statement).await?;
            for index in draft.indexes {
                manager.create_index(index).await?;
            }
        }
        seed(manager).await
    }
}

fn accounts() -> Vec<Draft> {
    vec![
        table(
            "users",
            [
                key(uuid("id")),
                small("number"),
                text_null("user_name"),
                text_null("email"),
                text("display_name"),
                text_null("password_hash"),
                text("role"),
                big("tokens"),
                boolean("active"),
                small("token_version"),
                json("settings"),
                text("search_key"),
                big("created_at"),
                big("updated_at"),
                big_null("last_login_at"),
            ],
        )
        .unique(["number"])
        .index(["display_name", "number"]),
        // One row per name a person can sign in with: the primary key makes user names and e-mail
        // addresses unique across both columns.
        table("login_names", [key(text("name")), uuid("user_id")])
            .owned_by("user_id")
            .index(["user_id"]),
        table(
            "refresh_tokens",
            [
                key(text("hash")),
                uuid("family"),
                uuid("user_id"),
                big("created_at"),
                big("expires_at"),
                big_null("used_at"),
                big_null("revoked_at"),
            ],
        )
        .owned_by("user_id")
        .index(["family"])
        .index(["user_id"])
        .index(["expires_at"]),
        table(
            "api_keys",
            [
                key(uuid("id")),
                uuid("user_id"),
                text("name"),
                text("prefix"),
                text("hash"),
                json("scopes"),
                big("created_at"),
                big_null("expires_at"),
                big_null("last_used_at"),
                big_null("revoked_at"),
            ],
        )
        .owned_by("user_id")
        .unique(["hash"])
        .index(["user_id", "id"]),
        table(
            "settings",
            [
                key(text("key")),
                json("value"),
                big("updated_at"),
                uuid_null("updated_by"),
            ],
        ),
        table("counters", [key(text("name")), small("value")]),
    ]
}

fn holdings() -> Vec<Draft> {
    vec![
        table(
            "artifacts",
            [key(text("hash")), big("size"), big("created_at")],
        )
        .index(["created_at"]),
        // A foreign key that restricts: bytes cannot go while anything refers to them.
        table(
            "artifact_references",
            [
                text("owner_kind"),
                uuid("owner_id"),
                text("purpose"),
                text("hash"),
                big("created_at"),
            ],
        )
        .primary(["owner_kind", "owner_id", "purpose", "hash"])
        .belongs("hash", "artifacts", "hash", ForeignKeyAction::Restrict)
        .index(["hash"]),
        table(
            "datasets",
            [
                key(uuid("id")),
                small("number"),
                uuid("owner_id"),
                text("name"),
                text("file_name"),
                text_null("sample"),
                text("status"),
                text_null("format"),
                big("bytes"),
                big_null("rows"),
                column("columns").integer().take(),
                text_null("suggested_target"),
                text("upload_hash"),
                text_null("table_hash"),
                small("revision"),
                json_null("error"),
                uuid_null("job_id"),
                text("search_key"),
                big("created_at"),
                big("updated_at"),
            ],
        )
        .owned_by("owner_id")
        .unique(["number"])
        .index(["owner_id", "number"])
        .index(["owner_id", "upload_hash"])
        .index(["owner_id", "name"]),
        table(
            "dataset_revisions",
            [
                uuid("dataset_id"),
                small("revision"),
                json("options"),
                text_null("table_hash"),
                big_null("rows"),
                column("columns").integer().take(),
                json_null("profile"),
                big("created_at"),
            ],
        )
        .primary(["dataset_id", "revision"])
        .belongs("dataset_id", "datasets", "id", ForeignKeyAction::Cascade),
        // Remembers the highest version a name ever had, so that a deleted version's number does not come back
        // as another model while the name lives.
        table(
            "model_names",
            [uuid("owner_id"), text("name"), small("last_version")],
        )
        .primary(["owner_id", "name"])
        .owned_by("owner_id"),
        table(
            "models",
            [
                key(uuid("id")),
                small("number"),
                uuid("owner_id"),
                text("name"),
                small("version"),
                text("status"),
                uuid_null("dataset_id"),
                text("dataset_name"),
                text_null("dataset_hash"),
                text("target"),
                text_null("task"),
                text("algorithm"),
                text_null("effort"),
                text_null("metric"),
                text_null("positive_class"),
                json("params"),
                json_null("features"),
                column("test_size").double().not_null().take(),
                small("folds"),
                big("seed"),
                json("spec"),
                json_null("metrics"),
                text_null("verdict"),
                double_null("fit_seconds"),
                big_null("bytes"),
                text_null("artifact_hash"),
                json_null("error"),
                uuid_null("job_id"),
                text("visibility"),
                text_null("guest_slug"),
                text("search_key"),
                big("created_at"),
                big("updated_at"),
                big_null("finished_at"),
            ],
        )
        .owned_by("owner_id")
        .belongs("dataset_id", "datasets", "id", ForeignKeyAction::SetNull)
        .unique(["number"])
        .unique(["owner_id", "name", "version"])
        .unique(["guest_slug"])
        .index(["owner_id", "number"])
        .index(["dataset_id"]),
        // The large answers, apart from the row that lists read.
        table(
            "model_reports",
            [
                key(uuid("model_id")),
                json("classes"),
                json("signature"),
                json("report"),
                json("lineage"),
            ],
        )
        .belongs("model_id", "models", "id", ForeignKeyAction::Cascade),
        table(
            "model_aliases",
            [
                uuid("owner_id"),
                text("name"),
                text("alias"),
                uuid("model_id"),
                big("updated_at"),
            ],
        )
        .primary(["owner_id", "name", "alias"])
        .belongs("model_id", "models", "id", ForeignKeyAction::Cascade)
        .index(["model_id"]),
    ]
}

fn activity() -> Vec<Draft> {
    vec![
        table(
            "jobs",
            [
                key(uuid("id")),
                text("kind"),
                uuid("owner_id"),
                text("status"),
                small("priority"),
                json("payload"),
                json("progress"),
                small("attempt"),
                small("max_attempts"),
                big("fence"),
                text_null("lease_owner"),
                big_null("lease_until"),
                boolean("cancel_requested"),
                big("price"),
                text_null("subject_kind"),
                uuid_null("subject_id"),
                json_null("result"),
                json_null("error"),
                big("not_before"),
                big("created_at"),
                big("updated_at"),
                big_null("started_at"),
                big_null("finished_at"),
            ],
        )
        .owned_by("owner_id")
        .index(["status", "not_before"])
        .index(["owner_id", "id"])
        .index(["subject_id"]),
        table(
            "predictions",
            [
                key(uuid("id")),
                uuid("model_id"),
                uuid("model_owner_id"),
                uuid("caller_id"),
                uuid("payer_id"),
                text("door"),
                text("input_digest"),
                small("rows"),
                json_null("answer"),
                big("price"),
                big("created_at"),
                json_null("truth"),
                big_null("truth_at"),
                text_null("idempotency_key"),
            ],
        )
        .owned_by("caller_id")
        .index(["caller_id", "id"])
        .index(["model_id", "id"])
        .index(["created_at"]),
        // `refund_of` is unique: a second refund of one job cannot be written, whoever tries.
        table(
            "ledger",
            [
                counting_key("id"),
                uuid("user_id"),
                big("at"),
                big("delta"),
                text("reason"),
                text_null("reference"),
                uuid_null("refund_of"),
                uuid_null("actor_id"),
                big("balance_after"),
            ],
        )
        .owned_by("user_id")
        .unique(["refund_of"])
        .index(["user_id", "id"]),
        table(
            "audit",
            [
                counting_key("id"),
                text("writer"),
                big("sequence"),
                big("at"),
                uuid_null("actor_id"),
                text("actor_name"),
                text("action"),
                text("outcome"),
                text_null("subject_kind"),
                text_null("subject_id"),
                text_null("address"),
                text_null("agent"),
                text_null("request_id"),
                text_null("door"),
                text("details"),
                text("previous_hash"),
                text("hash"),
            ],
        )
        .unique(["writer", "sequence"])
        .index(["at"])
        .index(["actor_id", "id"])
        .index(["action", "id"]),
        // Where each writer's chain ends: a chain cut short at its end no longer meets its head.
        table(
            "audit_heads",
            [key(text("writer")), big("sequence"), text("hash")],
        ),
        // Where a chain begins after retention removed its oldest rows.
        table(
            "audit_anchors",
            [
                text("writer"),
                big("sequence"),
                text("hash"),
                text_null("signature"),
                big("created_at"),
            ],
        )
        .primary(["writer", "sequence"]),
        table(
            "idempotency_keys",
            [
                uuid("user_id"),
                text("key"),
                text("resource_kind"),
                uuid("resource_id"),
                text("request_digest"),
                big("created_at"),
            ],
        )
        .primary(["user_id", "key"])
        .owned_by("user_id")
        .index(["created_at"]),
    ]
}

/// What an empty house holds: the counters, and the account that owns what is shipped. Nobody can sign in as
/// it: it has no password and is switched off.
async fn seed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let database = manager.get_connection();
    let mut counters = Query::insert();
    counters.into_table("counters").columns(["name", "value"]);
    for name in ["users", "datasets", "models"] {
        counters.values_panic([name.into(), 0.into()]);
    }
    database.execute(&counters).await?;
    let now = Timestamp::now();
    let mut system = Query::insert();
    system
        .into_table("users")
        .columns([
            "id",
            "number",
            "user_name",
            "display_name",
            "role",
            "tokens",
            "active",
            "token_version",
            "settings",
            "search_key",
            "created_at",
            "updated_at",
        ])
        .values_panic([
            SYSTEM_USER.into(),
            0.into(),
            "system".into(),
            "System".into(),
            "user".into(),
            0_i64.into(),
            false.into(),
            0.into(),
            "{}".into(),
            "system".into(),
            now.microseconds().into(),
            now.microseconds().into(),
        ]);
    database.execute(&system).await?;
    let mut name = Query::insert();
    name.into_table("login_names")
        .columns(["name", "user_id"])
        .values_panic(["system".into(), SYSTEM_USER.into()]);
    database.execute(&name).await?;
    Ok(())
}
